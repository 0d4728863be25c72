DRIVER_LIBS += -ldl
