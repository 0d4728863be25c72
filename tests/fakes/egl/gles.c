/*
 * tests/fakes/egl/gles.c: contexts, the surface of a stream, images of textures,
 * and OpenGL ES as far as a textured copy goes.
 *
 * A shader is not run: whether it samples an external texture and swaps red and
 * blue is read from its text; `flip` is its one uniform, the last row or -1. What
 * the specification forbids is refused and noted: calls without a context or in
 * another thread, a target or texture that is not whole, a swap of nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fakes/egl/fake.h"
#include "tests/fakes/egl/gles.h"
#include "tests/fakes/egl_image.h"

#define NAMES	 8 /* of each kind, in a context; 0 is none */
#define BUFFERS	 (FAKE_STREAM_FRAMES + 1)
#define CONFIGS	 2
#define GL_WRONG 0x0502 /* GL_INVALID_OPERATION */
#define GL_FULL	 0x0505 /* GL_OUT_OF_MEMORY */

enum binding { TO_2D, TO_EXTERNAL, BINDINGS };

struct surface {
	struct fake_stream *stream;
	uint32_t width, height;
	struct fake_egl_array buffers[BUFFERS]; /* BGRA: rows from the top */
	uint32_t back; /* drawn to */
	bool is_drawn;
};

struct texture {
	bool is_there;
	struct fake_egl_array array; /* RGBA; base NULL: no storage */
	int min, mag;		     /* filters */
};

struct shader {
	bool is_there, is_compiled, is_external, swaps;
	unsigned int kind;
};

struct program {
	bool is_there, is_linked;
	struct shader *fragment, *vertex;
	int flip;
};

/* What it is after: draws from each texture. */
struct __GLsync {
	struct __GLsync *next;
	uint32_t draws[NAMES];
};

struct context {
	bool is_current;
	struct surface *surface; /* NULL: none */
	unsigned int bound[BINDINGS], framebuffer, program;
	struct texture texture[NAMES];
	unsigned int attached[NAMES]; /* by framebuffer */
	bool has_framebuffer[NAMES];
	struct shader shader[NAMES];
	struct program programs[NAMES];
	int width, height; /* viewport */
	unsigned int error;
	/* external texture: a stream's */
	struct fake_stream *stream;
	unsigned int external;
	struct cuda_frame frame;
	struct __GLsync *fences;
	unsigned char *picture; /* BGRA, packed; room for the stream's frame */
	bool is_acquired;
};

static int configs[CONFIGS]; /* their addresses are handles: [1] has streams */
static _Thread_local struct context *current
	__attribute__((tls_model("initial-exec")));

static bool fail(const char *what)
{
	fake_egl_misuse(what);
	return false;
}

static int wrong(const char *what, int error)
{
	fake_egl_misuse(what);
	return error;
}

/* ---- contexts -------------------------------------------------------------------- */

/* Of a list: the value, or `other`. */
static int attribute(const int *attributes, int wanted, int other)
{
	for (; attributes && *attributes != EGLSTREAM_NONE; attributes += 2)
		if (attributes[0] == wanted)
			return attributes[1];
	return other;
}

unsigned int fake_choose_config(void *display, const int *attributes,
				void **found, int most, int *count)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_choose_config);
	int kind = attribute(attributes, EGLSTREAM_SURFACE_TYPE, 4);

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS && (!count || !found || most < 1))
		error = wrong("eglChooseConfig", FAKE_EGL_BAD_PARAMETER);
	if (error == FAKE_EGL_SUCCESS) {
		*count = attribute(attributes, EGLSTREAM_RENDERABLE, 0) ==
				 EGLSTREAM_ES3_BIT &&
			 (kind == EGLSTREAM_PBUFFER_BIT ||
			  (kind == EGLSTREAM_STREAM_BIT &&
			   !fake_egl_is_missing("EGL_STREAM_BIT_KHR")));
		*found = &configs[kind == EGLSTREAM_STREAM_BIT];
	}
	return fake_egl_leave(error);
}

void *fake_create_context(void *display, void *config, void *shared,
			  const int *attributes)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_create_context);
	struct context *made = NULL;

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS &&
	    (shared ||
	     ((int *)config != &configs[0] && (int *)config != &configs[1]) ||
	     attribute(attributes, EGLSTREAM_CLIENT_VERSION, 1) != 3))
		error = wrong("eglCreateContext", FAKE_EGL_BAD_CONFIG);
	if (error == FAKE_EGL_SUCCESS && !(made = calloc(1, sizeof(*made))))
		error = FAKE_EGL_BAD_ALLOC;
	if (error == FAKE_EGL_SUCCESS)
		fake_egl_report->contexts++;
	fake_egl_leave(error);
	return made;
}

static void free_fences(struct context *context)
{
	while (context->fences) {
		struct __GLsync *next = context->fences->next;

		free(context->fences);
		context->fences = next;
	}
}

/* Of a thread that is over it may be current still. */
unsigned int fake_destroy_context(void *display, void *which)
{
	int i, error = fake_egl_enter(EGLSTREAM_CALL_destroy_context);
	struct context *context = which;
	struct fake_stream *stream;

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error != FAKE_EGL_SUCCESS)
		return fake_egl_leave(error);
	/* it may be, where leaving it was made to fail */
	if (context == current && !fake_egl_report->injected)
		fake_egl_misuse("a context is destroyed where it is current");
	stream = context->stream;
	for (i = 0; i < NAMES; i++)
		free(context->texture[i].array.base);
	free_fences(context);
	free(context->picture);
	context->picture = NULL;
	if (!context->is_current)
		free(context); /* else another thread's lets go of it */
	fake_egl_report->contexts--;
	fake_egl_leave(error);
	if (stream)
		stream->ops->disconnect(stream, true);
	return true;
}

unsigned int fake_make_current(void *display, void *draw, void *read,
			       void *which)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_make_current);
	struct context *context = which;

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS && (draw != read || (draw && !context)))
		error = wrong("eglMakeCurrent", FAKE_EGL_BAD_SURFACE);
	if (error == FAKE_EGL_SUCCESS && context && context != current &&
	    context->is_current)
		error = wrong("a context that is another thread's",
			      FAKE_EGL_BAD_ACCESS);
	if (error == FAKE_EGL_SUCCESS) {
		if (current)
			current->is_current = false;
		current = context;
		if (current) {
			current->is_current = true;
			current->surface = draw;
		}
	}
	return fake_egl_leave(error);
}

/* ---- the stream's surface ---------------------------------------------------------- */

static bool make_array(struct fake_egl_array *array, uint32_t width,
		       uint32_t height)
{
	*array = (struct fake_egl_array){
		.magic = FAKE_EGL_ARRAY_MAGIC, .width = width, .height = height,
		.base = calloc((size_t)width * height, 4)};
	return array->base;
}

/* A stream's producer's: for a screen, and for an external texture. */
static void read_array(const struct cuda_frame *frame, unsigned char *to)
{
	const struct fake_egl_array *array = frame->plane[0];

	memcpy(to, array->base, (size_t)array->width * array->height * 4);
}

static struct surface *make_surface(struct fake_stream *stream,
				    const int *attributes)
{
	struct surface *made = calloc(1, sizeof(*made));
	uint32_t i;

	made->stream = stream;
	made->width = (uint32_t)attribute(attributes, EGLSTREAM_WIDTH, 0);
	made->height = (uint32_t)attribute(attributes, EGLSTREAM_HEIGHT, 0);
	for (i = 0; i < BUFFERS; i++)
		make_array(&made->buffers[i], made->width, made->height);
	return made;
}

void *fake_producer_surface(void *display, void *config, void *wanted,
			    const int *attributes)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_producer_surface);
	struct fake_stream *stream = fake_egl_stream(wanted);
	struct surface *made = NULL;

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS && !stream)
		error = wrong("no EGLStream", FAKE_EGL_BAD_STREAM);
	if (error == FAKE_EGL_SUCCESS && (int *)config != &configs[1])
		error = wrong("a config without EGL_STREAM_BIT_KHR",
			      FAKE_EGL_BAD_CONFIG);
	if (error == FAKE_EGL_SUCCESS &&
	    (attribute(attributes, EGLSTREAM_WIDTH, 0) < 1 ||
	     attribute(attributes, EGLSTREAM_HEIGHT, 0) < 1))
		error = wrong("a surface of no size", FAKE_EGL_BAD_PARAMETER);
	if (error == FAKE_EGL_SUCCESS)
		made = make_surface(stream, attributes);
	fake_egl_leave(error);
	if (!made)
		return NULL;
	stream->surface = true;
	stream->read = read_array;
	if (stream->ops->connect(stream, false, (int)made->width,
				 (int)made->height) != FAKE_STREAM_DONE)
		return NULL;
	fake_egl_report->surfaces++;
	return made;
}

unsigned int fake_destroy_surface(void *display, void *which)
{
	int i, error = fake_egl_enter(EGLSTREAM_CALL_destroy_surface);
	struct surface *surface = which;

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS && current &&
	    current->surface == which && !fake_egl_report->injected)
		fake_egl_misuse("a surface is destroyed where it is current");
	if (!fake_egl_leave(error))
		return false;
	surface->stream->ops->disconnect(surface->stream, false);
	for (i = 0; i < BUFFERS; i++)
		free(surface->buffers[i].base);
	free(surface);
	fake_egl_report->surfaces--;
	return true;
}

/* One that the stream has not. */
static uint32_t next_buffer(const struct surface *surface)
{
	uint32_t i, k;

	for (i = 0; i < BUFFERS; i++) {
		for (k = 0; k < FAKE_STREAM_FRAMES; k++)
			if (surface->stream->frames[k].place &&
			    surface->stream->frames[k].frame.plane[0] ==
				    &surface->buffers[i])
				break;
		if (k == FAKE_STREAM_FRAMES)
			break;
	}
	return i;
}

unsigned int fake_swap(void *display, void *which)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_swap);
	struct surface *surface = which;
	enum fake_stream_answer answer;
	struct cuda_frame frame;

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS &&
	    (!current || !surface || current->surface != surface))
		error = wrong("a swap of a surface that is not current",
			      FAKE_EGL_BAD_SURFACE);
	if (error == FAKE_EGL_SUCCESS && !surface->is_drawn)
		error = wrong("a swap where nothing is drawn",
			      FAKE_EGL_BAD_SURFACE);
	if (error == FAKE_EGL_SUCCESS)
		fake_stream_reclaim(surface->stream);
	if (!fake_egl_leave(error))
		return false;
	frame = (struct cuda_frame){
		.plane = {&surface->buffers[surface->back]},
		.width = surface->width,
		.height = surface->height,
		.plane_count = 1,
		.channels = 4,
		.type = CUDA_FRAME_ARRAY,
		.format = CUDA_FRAME_ARGB,
		.element = CUDA_FRAME_BYTES,
	};
	answer = surface->stream->ops->insert(surface->stream, &frame, 0);
	surface->is_drawn = false;
	pthread_mutex_lock(&fake_egl_lock);
	surface->back = next_buffer(surface);
	return fake_egl_leave(answer == FAKE_STREAM_DONE
				      ? FAKE_EGL_SUCCESS
				      : FAKE_EGL_BAD_STATE);
}

/* ---- images ------------------------------------------------------------------------ */

void *fake_create_image(void *display, void *context, unsigned int target,
			void *buffer, const int *attributes)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_create_image);
	uintptr_t name = (uintptr_t)buffer;
	struct fake_egl_image *made = NULL;
	struct texture *texture;

	(void)attributes;
	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS &&
	    (!current || context != current || !name || name >= NAMES ||
	     target != EGLSTREAM_TEXTURE_2D ||
	     !current->texture[name].array.base))
		error = wrong("eglCreateImageKHR", FAKE_EGL_BAD_PARAMETER);
	if (error == FAKE_EGL_SUCCESS && !(made = calloc(1, sizeof(*made))))
		error = FAKE_EGL_BAD_ALLOC;
	if (error == FAKE_EGL_SUCCESS) {
		texture = &current->texture[name];
		*made = (struct fake_egl_image){
			.magic = FAKE_EGL_IMAGE_MAGIC,
			.width = texture->array.width,
			.height = texture->array.height,
			.array = &texture->array,
		};
		fake_egl_report->images++;
	}
	fake_egl_leave(error);
	return made;
}

unsigned int fake_destroy_image(void *display, void *which)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_destroy_image);
	struct fake_egl_image *image = which;

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS) {
		if (image->registered)
			fake_egl_misuse("an EGLImage ends that CUDA has");
		image->magic = 0;
		free(image);
		fake_egl_report->images--;
	}
	return fake_egl_leave(error);
}

/* ---- the external texture ------------------------------------------------------------ */

unsigned int fake_consumer_texture(void *display, void *wanted)
{
	int error = fake_egl_enter(EGLSTREAM_CALL_consumer_texture);
	struct fake_stream *stream = fake_egl_stream(wanted);

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS && !stream)
		error = wrong("no EGLStream", FAKE_EGL_BAD_STREAM);
	if (error == FAKE_EGL_SUCCESS &&
	    (!current || !current->bound[TO_EXTERNAL] || current->stream))
		error = wrong("no external texture is bound",
			      FAKE_EGL_BAD_ACCESS);
	if (!fake_egl_leave(error))
		return false;
	if (stream->ops->connect(stream, true, 0, 0) != FAKE_STREAM_DONE)
		return false;
	current->stream = stream;
	current->external = current->bound[TO_EXTERNAL];
	return true;
}

/* Acquire and release, up to the stream's part. */
static bool enter_texture(enum eglstream_call call, void *display,
			  const void *wanted)
{
	int error = fake_egl_enter(call);

	if (error == FAKE_EGL_SUCCESS)
		error = fake_egl_check_display(display);
	if (error == FAKE_EGL_SUCCESS && !fake_egl_stream(wanted))
		error = wrong("no EGLStream", FAKE_EGL_BAD_STREAM);
	if (error == FAKE_EGL_SUCCESS &&
	    (!current || current->stream != wanted))
		error = wrong("a texture's stream that is another context's",
			      FAKE_EGL_BAD_ACCESS);
	return fake_egl_leave(error);
}

static bool leave_texture(enum fake_stream_answer answer)
{
	pthread_mutex_lock(&fake_egl_lock);
	return fake_egl_leave(answer == FAKE_STREAM_DONE
				      ? FAKE_EGL_SUCCESS
				      : FAKE_EGL_BAD_STATE);
}

unsigned int fake_texture_acquire(void *display, void *wanted)
{
	struct fake_stream *stream = wanted;
	enum fake_stream_answer answer;

	if (!enter_texture(EGLSTREAM_CALL_texture_acquire, display, wanted))
		return false;
	if (!current->picture) /* of the first one: of the trial */
		current->picture = malloc((size_t)stream->width *
					  (size_t)stream->height * 4);
	answer = stream->ops->acquire(stream, &current->frame);
	if (answer == FAKE_STREAM_DONE) {
		stream->read(&current->frame, current->picture);
		current->is_acquired = true;
	}
	return leave_texture(answer);
}

unsigned int fake_texture_release(void *display, void *wanted)
{
	struct fake_stream *stream = wanted;

	if (!enter_texture(EGLSTREAM_CALL_texture_release, display, wanted))
		return false;
	current->is_acquired = false;
	return leave_texture(stream->ops->release(stream, &current->frame));
}

/* ---- OpenGL ES: state ------------------------------------------------------------------ */

/* False: nothing is to be done. */
static bool gl_enter(enum gles_call call)
{
#define GL_SYMBOL(name, symbol, returned, arguments) symbol,
	static const char *const symbols[] = {GLES_ENTRIES(GL_SYMBOL)};

	if (!current)
		return fail("a call of GLES's without a context");
	if (!fake_egl_config.gl_fail_left ||
	    strcmp(fake_egl_config.gl_fail, symbols[call]) ||
	    --fake_egl_config.gl_fail_left)
		return true;
	fake_egl_report->gl_injected = GL_FULL;
	current->error = GL_FULL;
	return false;
}

static void gl_wrong(const char *what)
{
	fake_egl_misuse(what);
	current->error = GL_WRONG;
}

unsigned int fake_gl_get_error(void)
{
	unsigned int error;

	if (!current)
		return fail("glGetError without a context");
	error = current->error;
	current->error = GLES_NO_ERROR;
	return error;
}

void fake_gl_disable(unsigned int what)
{
	if (gl_enter(GLES_CALL_disable) && what != GLES_DITHER)
		gl_wrong("glDisable");
}

void fake_gl_viewport(int x, int y, int width, int height)
{
	if (!gl_enter(GLES_CALL_viewport))
		return;
	if (x || y)
		gl_wrong("a viewport that does not begin at 0");
	current->width = width;
	current->height = height;
}

/* The first that is free; 0: none. */
static unsigned int new_name(const void *things, size_t bytes)
{
	unsigned int i;

	for (i = 1; i < NAMES; i++)
		if (!*((const bool *)things + i * bytes)) {
			fake_egl_report->gl_made++;
			return i;
		}
	gl_wrong("more names than the fake has");
	return 0;
}

void fake_gl_gen_textures(int count, unsigned int *names)
{
	if (!gl_enter(GLES_CALL_gen_textures) || count != 1)
		return;
	*names = new_name(current->texture, sizeof(current->texture[0]));
	current->texture[*names].is_there = true;
}

static bool find_binding(unsigned int target, enum binding *binding)
{
	*binding = target == GLES_TEXTURE_EXTERNAL ? TO_EXTERNAL : TO_2D;
	return target == GLES_TEXTURE_2D || target == GLES_TEXTURE_EXTERNAL;
}

void fake_gl_bind_texture(unsigned int target, unsigned int name)
{
	enum binding binding;

	if (!gl_enter(GLES_CALL_bind_texture))
		return;
	if (!find_binding(target, &binding) || name >= NAMES ||
	    !current->texture[name].is_there)
		gl_wrong("glBindTexture");
	else
		current->bound[binding] = name;
}

void fake_gl_texture_parameter(unsigned int target, unsigned int what,
			       int value)
{
	enum binding binding;
	struct texture *texture;

	if (!gl_enter(GLES_CALL_texture_parameter))
		return;
	if (!find_binding(target, &binding) || !current->bound[binding]) {
		gl_wrong("glTexParameteri");
		return;
	}
	texture = &current->texture[current->bound[binding]];
	*(what == GLES_MIN_FILTER ? &texture->min : &texture->mag) = value;
}

void fake_gl_texture_storage(unsigned int target, int levels,
			     unsigned int format, int width, int height)
{
	struct texture *texture;

	if (!gl_enter(GLES_CALL_texture_storage))
		return;
	texture = &current->texture[current->bound[TO_2D]];
	if (target != GLES_TEXTURE_2D || levels != 1 || format != GLES_RGBA8 ||
	    !current->bound[TO_2D] || texture->array.base || width < 1 ||
	    height < 1)
		gl_wrong("glTexStorage2D");
	else
		make_array(&texture->array, (uint32_t)width, (uint32_t)height);
}

void fake_gl_gen_framebuffers(int count, unsigned int *names)
{
	if (!gl_enter(GLES_CALL_gen_framebuffers) || count != 1)
		return;
	*names = new_name(current->has_framebuffer,
			  sizeof(current->has_framebuffer[0]));
	current->has_framebuffer[*names] = true;
}

void fake_gl_bind_framebuffer(unsigned int target, unsigned int name)
{
	if (!gl_enter(GLES_CALL_bind_framebuffer))
		return;
	if (target != GLES_FRAMEBUFFER || name >= NAMES ||
	    (name && !current->has_framebuffer[name]))
		gl_wrong("glBindFramebuffer");
	else
		current->framebuffer = name;
}

void fake_gl_framebuffer_texture(unsigned int target, unsigned int attachment,
				 unsigned int texture_target,
				 unsigned int texture, int level)
{
	if (!gl_enter(GLES_CALL_framebuffer_texture))
		return;
	if (target != GLES_FRAMEBUFFER || attachment != GLES_COLOR_ATTACHMENT ||
	    texture_target != GLES_TEXTURE_2D || level || texture >= NAMES ||
	    !current->framebuffer)
		gl_wrong("glFramebufferTexture2D");
	else
		current->attached[current->framebuffer] = texture;
}

unsigned int fake_gl_framebuffer_status(unsigned int target)
{
	unsigned int name;

	if (!gl_enter(GLES_CALL_framebuffer_status) ||
	    target != GLES_FRAMEBUFFER)
		return 0;
	name = current->attached[current->framebuffer];
	return name && current->texture[name].array.base
		       ? GLES_FRAMEBUFFER_COMPLETE
		       : 0;
}

/* ---- OpenGL ES: programs --------------------------------------------------------------- */

unsigned int fake_gl_create_shader(unsigned int kind)
{
	unsigned int name;

	if (!gl_enter(GLES_CALL_create_shader))
		return 0;
	name = new_name(current->shader, sizeof(current->shader[0]));
	current->shader[name] = (struct shader){.is_there = true, .kind = kind};
	return name;
}

/* One that there is; NULL, which is noted. */
static struct shader *find_shader(unsigned int name)
{
	if (name && name < NAMES && current->shader[name].is_there)
		return &current->shader[name];
	gl_wrong("no shader");
	return NULL;
}

void fake_gl_shader_source(unsigned int name, int count,
			   const char *const *text, const int *lengths)
{
	struct shader *shader;

	if (!gl_enter(GLES_CALL_shader_source) || !(shader = find_shader(name)))
		return;
	if (count != 1 || lengths || strncmp(*text, "#version 300 es\n", 16)) {
		gl_wrong("glShaderSource");
		return;
	}
	shader->is_external =
		strstr(*text, "#extension GL_OES_EGL_image_external_essl3") &&
		strstr(*text, "samplerExternalOES frame;");
	shader->swaps = strstr(*text, ".bgra") != NULL;
}

void fake_gl_compile_shader(unsigned int name)
{
	struct shader *shader;

	if (gl_enter(GLES_CALL_compile_shader) && (shader = find_shader(name)))
		shader->is_compiled = true;
}

void fake_gl_shader_value(unsigned int name, unsigned int what, int *value)
{
	struct shader *shader;

	if (gl_enter(GLES_CALL_shader_value) && (shader = find_shader(name)) &&
	    what == GLES_COMPILE_STATUS)
		*value = shader->is_compiled;
}

void fake_gl_shader_log(unsigned int name, int bytes, int *length, char *text)
{
	(void)length;
	if (gl_enter(GLES_CALL_shader_log) && find_shader(name))
		snprintf(text, (size_t)bytes, "0(1): the fake's\nsecond line");
}

unsigned int fake_gl_create_program(void)
{
	unsigned int name;

	if (!gl_enter(GLES_CALL_create_program))
		return 0;
	name = new_name(current->programs, sizeof(current->programs[0]));
	current->programs[name] = (struct program){.is_there = true};
	return name;
}

static struct program *find_program(unsigned int name)
{
	if (name && name < NAMES && current->programs[name].is_there)
		return &current->programs[name];
	if (current->error == GLES_NO_ERROR)
		gl_wrong("no program");
	return NULL;
}

void fake_gl_attach_shader(unsigned int name, unsigned int shader_name)
{
	struct program *program;
	struct shader *shader;

	if (!gl_enter(GLES_CALL_attach_shader) ||
	    !(program = find_program(name)) ||
	    !(shader = find_shader(shader_name)))
		return;
	*(shader->kind == GLES_VERTEX_SHADER ? &program->vertex
					     : &program->fragment) = shader;
}

void fake_gl_link_program(unsigned int name)
{
	struct program *program;

	if (!gl_enter(GLES_CALL_link_program) ||
	    !(program = find_program(name)))
		return;
	program->is_linked = program->vertex && program->fragment &&
			     program->vertex->is_compiled &&
			     program->fragment->is_compiled;
	program->flip = 0; /* as every uniform */
}

void fake_gl_program_value(unsigned int name, unsigned int what, int *value)
{
	struct program *program;

	if (gl_enter(GLES_CALL_program_value) &&
	    (program = find_program(name)) && what == GLES_LINK_STATUS)
		*value = program->is_linked;
}

void fake_gl_use_program(unsigned int name)
{
	struct program *program;

	if (!gl_enter(GLES_CALL_use_program) || !(program = find_program(name)))
		return;
	if (program->is_linked)
		current->program = name;
	else
		gl_wrong("a program that is not linked");
}

int fake_gl_uniform_location(unsigned int name, const char *uniform)
{
	if (!gl_enter(GLES_CALL_uniform_location) || !find_program(name))
		return -1;
	return strcmp(uniform, "flip") ? -1 : 3;
}

void fake_gl_uniform_int(int location, int value)
{
	if (!gl_enter(GLES_CALL_uniform_int))
		return;
	if (location != 3 || !current->program)
		gl_wrong("glUniform1i");
	else
		current->programs[current->program].flip = value;
}

/* ---- OpenGL ES: drawing ---------------------------------------------------------------- */

/* A picture that is sampled or drawn to. */
struct side {
	unsigned char *base;
	uint32_t width, height;
	bool is_bgra, is_top_first; /* in memory, against GL's rows */
};

static bool find_target(struct side *side)
{
	const struct surface *surface = current->surface;
	const struct fake_egl_array *array;

	if (current->framebuffer) {
		array = &current->texture[current->attached[current->framebuffer]]
				 .array;
		*side = (struct side){array->base, array->width, array->height,
				      false, false};
		return array->base;
	}
	if (!surface)
		return fail("a draw without a target");
	array = &surface->buffers[surface->back];
	*side = (struct side){array->base, array->width, array->height, true,
			      surface->stream->output.object ||
				      !fake_egl_config.bottom_up};
	current->surface->is_drawn = true;
	return true;
}

static bool find_source(const struct program *program, struct side *side)
{
	const struct texture *texture;

	if (program->fragment->is_external) {
		*side = (struct side){current->picture, current->frame.width,
				      current->frame.height, true, false};
		if (!current->is_acquired ||
		    current->bound[TO_EXTERNAL] != current->external)
			return fail("an external texture that has no frame");
		return true;
	}
	texture = &current->texture[current->bound[TO_2D]];
	current->texture[current->bound[TO_2D]].array.draws++;
	*side = (struct side){texture->array.base, texture->array.width,
			      texture->array.height, false, false};
	if (!texture->array.base || texture->min != GLES_NEAREST ||
	    texture->mag != GLES_NEAREST)
		return fail("a texture that is not whole");
	if (current->framebuffer &&
	    current->attached[current->framebuffer] == current->bound[TO_2D])
		return fail("a texture that is drawn to is sampled");
	return true;
}

static void draw_row(const struct side *from, const struct side *to, bool swaps,
		     uint32_t from_y, uint32_t y)
{
	const unsigned char *in =
		from->base + (size_t)from_y * from->width * 4;
	unsigned char *out =
		to->base + (size_t)(to->is_top_first ? to->height - 1 - y : y) *
				   to->width * 4;
	bool crossed = (from->is_bgra != to->is_bgra) != swaps;
	uint32_t x;

	for (x = 0; x < to->width; x++, in += 4, out += 4) {
		out[0] = in[crossed ? 2 : 0];
		out[1] = in[1];
		out[2] = in[crossed ? 0 : 2];
		out[3] = in[3];
	}
}

void fake_gl_draw(unsigned int mode, int first, int count)
{
	const struct program *program;
	struct side from, to;
	uint32_t y, row;

	if (!gl_enter(GLES_CALL_draw))
		return;
	program = &current->programs[current->program];
	if (mode != GLES_TRIANGLES || first || count != 3 || !program->is_linked ||
	    !find_target(&to) || !find_source(program, &from) ||
	    (uint32_t)current->width != to.width ||
	    (uint32_t)current->height != to.height || from.width != to.width ||
	    from.height != to.height) {
		gl_wrong("a draw");
		return;
	}
	for (y = 0; y < to.height; y++) {
		row = program->flip < 0 ? y : (uint32_t)program->flip - y;
		if (row < from.height)
			draw_row(&from, &to, program->fragment->swaps, row, y);
	}
	fake_egl_report->gl_draws++;
}

void fake_gl_read_pixels(int x, int y, int width, int height,
			 unsigned int format, unsigned int kind, void *pixels)
{
	struct side from;

	if (!gl_enter(GLES_CALL_read_pixels))
		return;
	if (!current->framebuffer || !find_target(&from) || x || y ||
	    (uint32_t)width != from.width || (uint32_t)height != from.height ||
	    format != GLES_RGBA || kind != GLES_BYTES)
		gl_wrong("glReadPixels");
	else
		memcpy(pixels, from.base,
		       (size_t)from.width * from.height * 4);
}

/* ---- fences ---------------------------------------------------------------------------- */

struct __GLsync *fake_gl_fence(unsigned int condition, unsigned int flags)
{
	struct __GLsync *made;
	int i;

	if (!gl_enter(GLES_CALL_fence))
		return NULL;
	made = calloc(1, sizeof(*made));
	if (condition != GLES_COMMANDS_COMPLETE || flags || !made) {
		gl_wrong("glFenceSync");
		free(made);
		return NULL;
	}
	for (i = 0; i < NAMES; i++)
		made->draws[i] = current->texture[i].array.draws;
	made->next = current->fences;
	current->fences = made;
	return made;
}

static struct __GLsync **find_fence(const struct __GLsync *fence)
{
	struct __GLsync **link = &current->fences;

	while (*link && *link != fence)
		link = &(*link)->next;
	return link;
}

unsigned int fake_gl_fence_wait(struct __GLsync *fence, unsigned int flags,
				uint64_t nanoseconds)
{
	int i;

	if (!gl_enter(GLES_CALL_fence_wait))
		return 0;
	if (!*find_fence(fence) || flags != GLES_FLUSH || !nanoseconds) {
		gl_wrong("glClientWaitSync");
		return 0;
	}
	for (i = 0; i < NAMES; i++)
		if (current->texture[i].array.over < fence->draws[i])
			current->texture[i].array.over = fence->draws[i];
	return GLES_CAME_OVER;
}

void fake_gl_fence_end(struct __GLsync *fence)
{
	struct __GLsync **link;

	if (!gl_enter(GLES_CALL_fence_end))
		return;
	link = find_fence(fence);
	if (!*link) {
		gl_wrong("glDeleteSync");
		return;
	}
	*link = fence->next;
	free(fence);
}
