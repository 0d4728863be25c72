/*
 * tests/fakes/egl/gles.h: every entry of the fake libEGL, and a small OpenGL ES
 * that draws: one triangle over the whole target, a texel a pixel.
 */
#ifndef TESTS_FAKES_EGL_GLES_H
#define TESTS_FAKES_EGL_GLES_H

#include "drivers/display/eglstream/abi.h"
#include "drivers/display/eglstream/gl_abi.h"

#define FAKE_EGL_DECLARE(name, symbol, returned, arguments)                    \
	returned fake_##name arguments;
EGLSTREAM_ENTRIES(FAKE_EGL_DECLARE)

#define FAKE_GL_DECLARE(name, symbol, returned, arguments)                     \
	returned fake_gl_##name arguments;
GLES_ENTRIES(FAKE_GL_DECLARE)

#endif
