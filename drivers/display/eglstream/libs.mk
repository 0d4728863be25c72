DRIVER_LIBS += -ldl -lxxhash
