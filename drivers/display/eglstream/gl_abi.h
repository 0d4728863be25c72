/*
 * drivers/display/eglstream/gl_abi.h: the part of OpenGL ES 3.0 that is used,
 * declared here as EGL's is (abi.h) and held against GLES3/gl3.h by the same
 * test.
 *
 * Names are unsigned int, a GLenum is, a GLboolean an unsigned char.
 */
#ifndef DRIVERS_DISPLAY_EGLSTREAM_GL_ABI_H
#define DRIVERS_DISPLAY_EGLSTREAM_GL_ABI_H

#include <stdint.h>

enum {
	GLES_NO_ERROR = 0,
	GLES_TRIANGLES = 0x0004,
	GLES_TEXTURE_2D = 0x0DE1,
	GLES_TEXTURE_EXTERNAL = 0x8D65, /* GL_TEXTURE_EXTERNAL_OES */
	GLES_MIN_FILTER = 0x2801,
	GLES_MAG_FILTER = 0x2800,
	GLES_NEAREST = 0x2600,
	GLES_RGBA = 0x1908,
	GLES_RGBA8 = 0x8058,
	GLES_BYTES = 0x1401, /* GL_UNSIGNED_BYTE */
	GLES_DITHER = 0x0BD0,
	GLES_FRAGMENT_SHADER = 0x8B30,
	GLES_VERTEX_SHADER = 0x8B31,
	GLES_COMPILE_STATUS = 0x8B81,
	GLES_LINK_STATUS = 0x8B82,
	GLES_FRAMEBUFFER = 0x8D40,
	GLES_COLOR_ATTACHMENT = 0x8CE0,
	GLES_FRAMEBUFFER_COMPLETE = 0x8CD5,
	GLES_COMMANDS_COMPLETE = 0x9117, /* GL_SYNC_GPU_COMMANDS_COMPLETE */
	GLES_FLUSH = 0x0001,		 /* GL_SYNC_FLUSH_COMMANDS_BIT */
	GLES_IS_OVER = 0x911A,		 /* GL_ALREADY_SIGNALED */
	GLES_CAME_OVER = 0x911C,	 /* GL_CONDITION_SATISFIED */
};

struct __GLsync; /* GL's name for what a fence is */

/* Every entry, as ENTRY(name, "symbol", what it returns, argument types). */
#define GLES_ENTRIES(ENTRY)                                                    \
	ENTRY(get_error, "glGetError", unsigned int, (void))                   \
	ENTRY(disable, "glDisable", void, (unsigned int what))                 \
	ENTRY(viewport, "glViewport", void,                                    \
	      (int x, int y, int width, int height))                           \
	ENTRY(gen_textures, "glGenTextures", void,                             \
	      (int count, unsigned int *names))                                \
	ENTRY(bind_texture, "glBindTexture", void,                             \
	      (unsigned int target, unsigned int name))                        \
	ENTRY(texture_parameter, "glTexParameteri", void,                      \
	      (unsigned int target, unsigned int what, int value))             \
	ENTRY(texture_storage, "glTexStorage2D", void,                         \
	      (unsigned int target, int levels, unsigned int format,           \
	       int width, int height))                                         \
	ENTRY(gen_framebuffers, "glGenFramebuffers", void,                     \
	      (int count, unsigned int *names))                                \
	ENTRY(bind_framebuffer, "glBindFramebuffer", void,                     \
	      (unsigned int target, unsigned int name))                        \
	ENTRY(framebuffer_texture, "glFramebufferTexture2D", void,             \
	      (unsigned int target, unsigned int attachment,                   \
	       unsigned int texture_target, unsigned int texture, int level))  \
	ENTRY(framebuffer_status, "glCheckFramebufferStatus", unsigned int,    \
	      (unsigned int target))                                           \
	ENTRY(create_shader, "glCreateShader", unsigned int,                   \
	      (unsigned int kind))                                             \
	ENTRY(shader_source, "glShaderSource", void,                           \
	      (unsigned int shader, int count, const char *const *text,        \
	       const int *lengths))                                            \
	ENTRY(compile_shader, "glCompileShader", void, (unsigned int shader))  \
	ENTRY(shader_value, "glGetShaderiv", void,                             \
	      (unsigned int shader, unsigned int what, int *value))            \
	ENTRY(shader_log, "glGetShaderInfoLog", void,                          \
	      (unsigned int shader, int bytes, int *length, char *text))       \
	ENTRY(create_program, "glCreateProgram", unsigned int, (void))         \
	ENTRY(attach_shader, "glAttachShader", void,                           \
	      (unsigned int program, unsigned int shader))                     \
	ENTRY(link_program, "glLinkProgram", void, (unsigned int program))     \
	ENTRY(program_value, "glGetProgramiv", void,                           \
	      (unsigned int program, unsigned int what, int *value))           \
	ENTRY(use_program, "glUseProgram", void, (unsigned int program))       \
	ENTRY(uniform_location, "glGetUniformLocation", int,                   \
	      (unsigned int program, const char *name))                        \
	ENTRY(uniform_int, "glUniform1i", void, (int location, int value))     \
	ENTRY(draw, "glDrawArrays", void,                                      \
	      (unsigned int mode, int first, int count))                       \
	ENTRY(read_pixels, "glReadPixels", void,                               \
	      (int x, int y, int width, int height, unsigned int format,       \
	       unsigned int kind, void *pixels))                               \
	ENTRY(fence, "glFenceSync", struct __GLsync *,                         \
	      (unsigned int condition, unsigned int flags))                    \
	ENTRY(fence_wait, "glClientWaitSync", unsigned int,                    \
	      (struct __GLsync * fence, unsigned int flags,                    \
	       uint64_t nanoseconds))                                          \
	ENTRY(fence_end, "glDeleteSync", void, (struct __GLsync * fence))

#define GLES_ENTRY_FIELD(name, symbol, returned, arguments)                    \
	returned(*name) arguments;
struct gles_entries {
	GLES_ENTRIES(GLES_ENTRY_FIELD)
};

#define GLES_ENTRY_INDEX(name, symbol, returned, arguments) GLES_CALL_##name,
enum gles_call { GLES_ENTRIES(GLES_ENTRY_INDEX) GLES_CALL_COUNT };

#endif
