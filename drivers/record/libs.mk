DRIVER_LIBS += -lpng -lxxhash
