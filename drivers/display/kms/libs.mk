# Overridden by builds against another system's headers.
DRM_CFLAGS ?= $(call pkg,--cflags,libdrm)
DRIVER_CFLAGS += $(DRM_CFLAGS)
DRIVER_LIBS += -ldrm
