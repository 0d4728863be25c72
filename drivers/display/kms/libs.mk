# Overridden by builds against another system's headers.
DRM_CFLAGS ?= $(call pkg,--cflags,libdrm)
DRIVER_CFLAGS += $(DRM_CFLAGS)
DRIVER_LIBS += -ldrm
# The order in which buffers=auto tries providers (provider.h), a board's own.
$(OUT)/obj/drivers/display/kms/provider.o: OBJ_FLAGS += \
	$(if $(BOARD_KMS_BUFFERS),-DKMS_BUFFERS_ORDER='"$(BOARD_KMS_BUFFERS)"')
