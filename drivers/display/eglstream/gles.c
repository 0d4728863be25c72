/*
 * drivers/display/eglstream/gles.c: see gles.h.
 */
#include "drivers/display/eglstream/gles.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "drivers/cuda/watch.h"
#include "runtime/base/seal.h"
#include "runtime/base/rate.h"

#define LOG_MAX 160
#define DRAW_NS NS_PER_SECOND /* at most, for one picture */

#define ENTRY_SYMBOL(name, symbol, returned, arguments)                        \
	[GLES_CALL_##name] = symbol,
static const char *const symbols[] = {GLES_ENTRIES(ENTRY_SYMBOL)};

_Static_assert(sizeof(struct gles_entries) == GLES_CALL_COUNT * sizeof(void *),
	       "the entries are an array of function pointers");

/* One triangle over all of it. */
static const char vertex_text[] =
	"#version 300 es\n"
	"void main() {\n"
	"	gl_Position = vec4(float((gl_VertexID & 1) * 4 - 1),\n"
	"			   float((gl_VertexID >> 1) * 4 - 1), 0.0, 1.0);\n"
	"}\n";

/* A slot's bytes are blue, green, red. Texel by texel: nothing is filtered. */
#define FRAGMENT_TEXT(extension, sampler)                                      \
	"#version 300 es\n" extension "precision highp float;\n"               \
	"precision highp int;\n"                                               \
	"uniform highp " sampler " frame;\n"                                   \
	"uniform int flip;\n" /* the last row; -1: not upside down */           \
	"out vec4 pixel;\n"                                                    \
	"void main() {\n"                                                      \
	"	ivec2 at = ivec2(gl_FragCoord.xy);\n"                          \
	"	if (flip >= 0)\n"                                              \
	"		at.y = flip - at.y;\n"                                 \
	"	pixel = texelFetch(frame, at, 0).bgra;\n"                      \
	"}\n"
static const char in_text[] = FRAGMENT_TEXT(
	"#extension GL_OES_EGL_image_external_essl3 : require\n",
	"samplerExternalOES");
static const char out_text[] = FRAGMENT_TEXT("", "sampler2D");

/* ---- the tick thread's calls are looked after -------------------------------- */

static void gles_begin(void)
{
	if (seal_is_on)
		cuda_watch_enter(CUDA_WATCH_EGL);
}

static void gles_end(void)
{
	if (seal_is_on)
		cuda_watch_leave(0);
}

/* ---- the context --------------------------------------------------------------- */

static int gles_find_entries(struct eglstream_gles *gles,
			     struct eglstream_refusal *refusal)
{
	unsigned char *entries = (unsigned char *)&gles->gl;
	int i;

	for (i = 0; i < GLES_CALL_COUNT; i++) {
		void *entry = eglstream_library_entry(gles->library,
						      symbols[i]);

		if (!entry)
			return eglstream_refuse(
				refusal, -ENOTSUP,
				"no %s: it takes OpenGL ES 3.0: use "
				"producer=cuda and consumer=cuda, or a newer "
				"driver",
				symbols[i]);
		memcpy(entries + (size_t)i * sizeof(entry), &entry,
		       sizeof(entry));
	}
	return 0;
}

static int gles_choose(struct eglstream_gles *gles,
		       struct eglstream_refusal *refusal)
{
	struct eglstream_library *library = gles->library;
	const int attributes[] = {EGLSTREAM_SURFACE_TYPE,
				  gles->produces ? EGLSTREAM_STREAM_BIT
						 : EGLSTREAM_PBUFFER_BIT,
				  EGLSTREAM_RENDERABLE,
				  EGLSTREAM_ES3_BIT,
				  EGLSTREAM_RED,
				  8,
				  EGLSTREAM_GREEN,
				  8,
				  EGLSTREAM_BLUE,
				  8,
				  EGLSTREAM_ALPHA,
				  8,
				  EGLSTREAM_NONE};
	int count = 0;

	if (!library->egl.choose_config(library->display, attributes,
					&gles->config, 1, &count))
		return eglstream_refuse_call(refusal, library,
					     EGLSTREAM_CALL_choose_config);
	if (count < 1)
		return eglstream_refuse(refusal, -ENOTSUP,
					"no EGLConfig of 8 bits a channel for "
					"OpenGL ES 3.0%s: use producer=cuda and "
					"consumer=cuda",
					gles->produces
						? " and streams "
						  "(EGL_STREAM_BIT_KHR)"
						: "");
	return 0;
}

/* True: the calls of this thread go to the context. */
static bool gles_enter(struct eglstream_gles *gles)
{
	struct eglstream_library *library = gles->library;

	if (gles->is_current)
		return true;
	if (gles->is_stuck)
		return false;
	gles_begin();
	gles->is_current = library->egl.make_current(library->display,
						     gles->surface,
						     gles->surface,
						     gles->context);
	gles_end();
	return gles->is_current;
}

void eglstream_gles_leave(struct eglstream_gles *gles)
{
	struct eglstream_library *library = gles->library;

	if (!gles->is_current)
		return;
	gles_begin();
	gles->is_stuck = !library->egl.make_current(library->display, NULL,
						    NULL, NULL);
	gles_end();
	gles->is_current = false;
}

static int gles_create_context(struct eglstream_gles *gles,
			       struct eglstream_refusal *refusal)
{
	static const int attributes[] = {EGLSTREAM_CLIENT_VERSION, 3,
					 EGLSTREAM_NONE};
	struct eglstream_library *library = gles->library;

	gles->context = library->egl.create_context(
		library->display, gles->config, NULL, attributes);
	if (!gles->context)
		return eglstream_refuse_call(refusal, library,
					     EGLSTREAM_CALL_create_context);
	return gles_enter(gles)
		       ? 0
		       : eglstream_refuse_call(refusal, library,
					       EGLSTREAM_CALL_make_current);
}

/* ---- what is drawn with -------------------------------------------------------- */

/* Any error of the calls before. */
static int gles_check(struct eglstream_gles *gles, const char *what,
		      struct eglstream_refusal *refusal)
{
	unsigned int error = gles->gl.get_error();

	return error == GLES_NO_ERROR
		       ? 0
		       : eglstream_refuse(refusal, -ENODEV,
					  "GLES: %s: GL error 0x%x: use "
					  "producer=cuda and consumer=cuda",
					  what, error);
}

static unsigned int gles_compile(struct eglstream_gles *gles,
				 unsigned int kind, const char *text,
				 struct eglstream_refusal *refusal)
{
	unsigned int shader = gles->gl.create_shader(kind);
	char log[LOG_MAX] = "";
	int is_done = 0;

	gles->gl.shader_source(shader, 1, &text, NULL);
	gles->gl.compile_shader(shader);
	gles->gl.shader_value(shader, GLES_COMPILE_STATUS, &is_done);
	if (is_done)
		return shader;
	gles->gl.shader_log(shader, sizeof(log), NULL, log);
	log[strcspn(log, "\r\n")] = '\0';
	eglstream_refuse(refusal, -ENOTSUP,
			 "GLES: a shader does not compile: %s: use "
			 "producer=cuda and consumer=cuda",
			 log);
	return 0;
}

static int gles_link(struct eglstream_gles *gles, struct gles_picture *picture,
		     const char *text, struct eglstream_refusal *refusal)
{
	unsigned int vertex = gles_compile(gles, GLES_VERTEX_SHADER,
					   vertex_text, refusal);
	unsigned int fragment =
		vertex ? gles_compile(gles, GLES_FRAGMENT_SHADER, text, refusal)
		       : 0;
	int is_done = 0;

	if (!fragment)
		return refusal->error;
	picture->program = gles->gl.create_program();
	gles->gl.attach_shader(picture->program, vertex);
	gles->gl.attach_shader(picture->program, fragment);
	gles->gl.link_program(picture->program);
	gles->gl.program_value(picture->program, GLES_LINK_STATUS, &is_done);
	if (!is_done)
		return eglstream_refuse(refusal, -ENOTSUP,
					"GLES: a program does not link: use "
					"producer=cuda and consumer=cuda");
	picture->flip_at =
		gles->gl.uniform_location(picture->program, "flip");
	return gles_check(gles, "a program", refusal);
}

/* A name, bound; texels are taken as they are. */
static unsigned int gles_make_texture(struct eglstream_gles *gles,
				      unsigned int target)
{
	unsigned int name = 0;

	gles->gl.gen_textures(1, &name);
	gles->gl.bind_texture(target, name);
	gles->gl.texture_parameter(target, GLES_MIN_FILTER, GLES_NEAREST);
	gles->gl.texture_parameter(target, GLES_MAG_FILTER, GLES_NEAREST);
	return name;
}

static unsigned int gles_make_storage(struct eglstream_gles *gles)
{
	unsigned int name = gles_make_texture(gles, GLES_TEXTURE_2D);

	gles->gl.texture_storage(GLES_TEXTURE_2D, 1, GLES_RGBA8,
				 (int)gles->width, (int)gles->height);
	return name;
}

/* Over all of the framebuffer that is bound; its texture is bound. */
static void gles_draw(struct eglstream_gles *gles,
		      const struct gles_picture *picture)
{
	gles->gl.viewport(0, 0, (int)gles->width, (int)gles->height);
	gles->gl.use_program(picture->program);
	gles->gl.uniform_int(picture->flip_at, picture->is_upside_down
						       ? (int)gles->height - 1
						       : -1);
	gles->gl.draw(GLES_TRIANGLES, 0, 3);
}

int eglstream_gles_open(struct eglstream_gles *gles,
			struct eglstream_refusal *refusal)
{
	int error = gles_find_entries(gles, refusal);

	if (!error)
		error = gles_choose(gles, refusal);
	if (!error)
		error = gles_create_context(gles, refusal);
	return error;
}

/* Fences and textures end with the context. */
static void gles_close_shared(struct eglstream_gles *gles,
			      struct gles_shared *shared)
{
	struct eglstream_library *library = gles->library;

	if (shared->filled)
		gles->device->texture_close(gles->device_context,
					    shared->filled);
	if (shared->image)
		library->egl.destroy_image(library->display, shared->image);
	*shared = (struct gles_shared){.texture = 0};
}

void eglstream_gles_close(struct eglstream_gles *gles)
{
	struct eglstream_library *library = gles->library;
	int i;

	eglstream_gles_leave(gles);
	for (i = 0; i < GLES_SHARED; i++)
		gles_close_shared(gles, &gles->shared[i]);
	if (gles->surface)
		library->egl.destroy_surface(library->display, gles->surface);
	if (gles->context)
		library->egl.destroy_context(library->display, gles->context);
	gles->surface = gles->context = NULL;
	gles->is_stuck = false;
}

/* ---- consumer ---------------------------------------------------------------------- */

/* What a picture is read back through: it is drawn into this. */
static int gles_make_target(struct eglstream_gles *gles,
			    struct eglstream_refusal *refusal)
{
	unsigned int texture = gles_make_storage(gles);

	gles->gl.gen_framebuffers(1, &gles->target);
	gles->gl.bind_framebuffer(GLES_FRAMEBUFFER, gles->target);
	gles->gl.framebuffer_texture(GLES_FRAMEBUFFER, GLES_COLOR_ATTACHMENT,
				     GLES_TEXTURE_2D, texture, 0);
	if (gles->gl.framebuffer_status(GLES_FRAMEBUFFER) !=
	    GLES_FRAMEBUFFER_COMPLETE)
		eglstream_refuse(refusal, -ENOTSUP,
				 "GLES: no framebuffer of %ux%u: use "
				 "consumer=cuda",
				 gles->width, gles->height);
	gles->gl.bind_framebuffer(GLES_FRAMEBUFFER, 0);
	return refusal->error;
}

int eglstream_gles_consume(struct eglstream_gles *gles, void *stream,
			   struct eglstream_refusal *refusal)
{
	struct eglstream_library *library = gles->library;

	gles_make_texture(gles, GLES_TEXTURE_EXTERNAL);
	if (gles_check(gles, "an external texture", refusal) ||
	    gles_link(gles, &gles->in, in_text, refusal) ||
	    gles_make_target(gles, refusal) ||
	    gles_check(gles, "a framebuffer", refusal))
		return refusal->error;
	return library->egl.consumer_texture(library->display, stream)
		       ? 0
		       : eglstream_refuse_call(refusal, library,
					       EGLSTREAM_CALL_consumer_texture);
}

enum stream_status eglstream_gles_acquire(struct eglstream_gles *gles,
					  void *stream)
{
	struct eglstream_library *library = gles->library;
	unsigned int is_done;
	int error;

	if (!gles_enter(gles))
		return STREAM_REFUSED;
	gles_begin();
	is_done = library->egl.texture_acquire(library->display, stream);
	gles_end();
	if (is_done)
		return STREAM_DONE;
	error = library->egl.get_error();
	return error == EGLSTREAM_SUCCESS || error == EGLSTREAM_BUSY
		       ? STREAM_NOT_YET
		       : STREAM_REFUSED;
}

enum stream_status eglstream_gles_release(struct eglstream_gles *gles,
					  void *stream)
{
	struct eglstream_library *library = gles->library;
	unsigned int is_done;

	if (!gles_enter(gles))
		return STREAM_REFUSED;
	gles_begin();
	is_done = library->egl.texture_release(library->display, stream);
	gles_end();
	return is_done ? STREAM_DONE : STREAM_REFUSED;
}

enum stream_status eglstream_gles_read(struct eglstream_gles *gles,
				       const struct image *to)
{
	unsigned int error;

	if (!gles_enter(gles))
		return STREAM_REFUSED;
	gles_begin();
	gles->gl.bind_framebuffer(GLES_FRAMEBUFFER, gles->target);
	gles_draw(gles, &gles->in);
	gles->gl.read_pixels(0, 0, (int)gles->width, (int)gles->height,
			     GLES_RGBA, GLES_BYTES, to->base);
	gles->gl.bind_framebuffer(GLES_FRAMEBUFFER, 0);
	error = gles->gl.get_error();
	gles_end();
	return error == GLES_NO_ERROR ? STREAM_DONE : STREAM_REFUSED;
}

/* ---- producer ---------------------------------------------------------------------- */

static int gles_share(struct eglstream_gles *gles, struct gles_shared *shared,
		      const struct image *slot,
		      struct eglstream_refusal *refusal)
{
	struct eglstream_library *library = gles->library;
	static const int attributes[] = {EGLSTREAM_NONE};
	char line[EGLSTREAM_LINE_MAX / 2] = "";

	shared->texture = gles_make_storage(gles);
	if (gles_check(gles, "a texture", refusal))
		return refusal->error;
	shared->image = library->egl.create_image(
		library->display, gles->context, EGLSTREAM_TEXTURE_2D,
		(void *)(uintptr_t)shared->texture, attributes);
	if (!shared->image)
		return eglstream_refuse_call(refusal, library,
					     EGLSTREAM_CALL_create_image);
	shared->filled = gles->device->texture_open(gles->device_context,
						    shared->image, slot, line,
						    sizeof(line));
	return shared->filled ? 0
			    : eglstream_refuse(refusal, -ENOTSUP,
					       "CUDA cannot write GLES's "
					       "texture: %s: use producer=cuda",
					       line);
}

int eglstream_gles_produce(struct eglstream_gles *gles, void *stream,
			   const struct image *slot,
			   struct eglstream_refusal *refusal)
{
	struct eglstream_library *library = gles->library;
	const int attributes[] = {EGLSTREAM_WIDTH, (int)gles->width,
				  EGLSTREAM_HEIGHT, (int)gles->height,
				  EGLSTREAM_NONE};

	eglstream_gles_leave(gles); /* it is current without the surface */
	gles->surface = library->egl.producer_surface(
		library->display, gles->config, stream, attributes);
	if (!gles->surface)
		return eglstream_refuse_call(refusal, library,
					     EGLSTREAM_CALL_producer_surface);
	if (!gles_enter(gles))
		return eglstream_refuse_call(refusal, library,
					     EGLSTREAM_CALL_make_current);
	gles->gl.disable(GLES_DITHER);
	if (gles_link(gles, &gles->out, out_text, refusal))
		return refusal->error;
	gles->next = 0;
	return gles_share(gles, &gles->shared[0], slot, refusal) ||
			       gles_share(gles, &gles->shared[1], slot, refusal)
		       ? refusal->error
		       : 0;
}

/* True: nothing is drawn from it any more. */
static bool gles_is_drawn(struct eglstream_gles *gles,
			  struct gles_shared *shared)
{
	unsigned int answer = GLES_IS_OVER;

	if (!shared->drawn)
		return true;
	gles_begin();
	answer = gles->gl.fence_wait(shared->drawn, GLES_FLUSH, DRAW_NS);
	gles->gl.fence_end(shared->drawn);
	gles_end();
	shared->drawn = NULL;
	return answer == GLES_IS_OVER || answer == GLES_CAME_OVER;
}

static bool gles_draw_shared(struct eglstream_gles *gles,
			     struct gles_shared *shared)
{
	struct eglstream_library *library = gles->library;
	bool is_done;

	gles_begin();
	gles->gl.bind_texture(GLES_TEXTURE_2D, shared->texture);
	gles_draw(gles, &gles->out);
	shared->drawn = gles->gl.fence(GLES_COMMANDS_COMPLETE, 0);
	is_done = gles->gl.get_error() == GLES_NO_ERROR && shared->drawn &&
		  library->egl.swap(library->display, gles->surface);
	gles_end();
	return is_done;
}

enum stream_status eglstream_gles_present(struct eglstream_gles *gles,
					  const struct image *slot)
{
	struct gles_shared *shared = &gles->shared[gles->next];
	enum stream_status status;

	if (!gles_enter(gles) || !gles_is_drawn(gles, shared))
		return STREAM_REFUSED;
	status = gles->device->texture_fill(gles->device_context,
					    shared->filled, slot);
	if (status != STREAM_DONE)
		return status;
	gles->next = (gles->next + 1) % GLES_SHARED;
	return gles_draw_shared(gles, shared) ? STREAM_DONE : STREAM_REFUSED;
}
