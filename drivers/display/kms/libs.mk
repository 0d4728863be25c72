# Overridden by builds against another system's headers.
DRM_CFLAGS ?= $(call board_pkg,--cflags,libdrm)
DRIVER_CFLAGS += $(DRM_CFLAGS)
DRIVER_LIBS += -ldrm
# The order in which buffers=auto tries providers (provider.h), a board's own.
$(OUT)/obj/drivers/display/kms/provider.o: OBJ_FLAGS += \
	$(if $(BOARD_KMS_BUFFERS),-DKMS_BUFFERS_ORDER='"$(BOARD_KMS_BUFFERS)"')
# The drivers of the board's own displays, which auto prefers (device.h).
$(OUT)/obj/drivers/display/kms/settings.o: OBJ_FLAGS += \
	$(if $(BOARD_KMS_DRIVERS),-DKMS_DRIVERS='"$(BOARD_KMS_DRIVERS)"')
