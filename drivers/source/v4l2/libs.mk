# TurboJPEG, for cameras that send MJPG; without it the driver is built and says
# so. TURBOJPEG= : leave it out.
TURBOJPEG ?= $(call board_pkg,--libs,libturbojpeg)
ifneq ($(strip $(TURBOJPEG)),)
DRIVER_LIBS += $(TURBOJPEG)
$(OUT)/obj/drivers/source/v4l2/jpeg.o $(OUT)/obj/tests/drivers/test_jpeg.o: \
	OBJ_FLAGS += -DV4L2_TURBOJPEG $(call board_pkg,--cflags,libturbojpeg)
endif
