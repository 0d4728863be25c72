/*
 * tests/gpu/gpu_gles.c: gpu_gles WIDTH HEIGHT FRAMES: what GLES alone takes as a
 * stream's producer on this GPU: a texture drawn over the stream's surface and
 * swapped, the frame acquired and released by CUDA, nothing copied. With it the
 * driver's own present is compared (tests/gpu/run.sh gles). Then, which row of
 * the surface the consumer gets first.
 *
 * The figures as JSON in one line. Every failure ends the process with a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/display/eglstream/gl_abi.h"
#include "drivers/display/eglstream/library.h"
#include "tests/bench/samples.h"
#include "tests/gpu/rig.h"

#define FRAMES_MAX 20000
#define WARM	   50

static struct rig rig;
static struct eglstream_library library;
static struct eglstream_refusal refusal;
static struct gles_entries gl;
static void *config, *context, *stream, *surface;
static struct cuda_end *consumer;
static struct cuda_stream *order; /* stream 0 */
static int width, height;

static void die(const char *what)
{
	fprintf(stderr, "gpu_gles: %s: %s (EGL error 0x%x)\n", what,
		refusal.text,
		library.egl.get_error ? (unsigned int)library.egl.get_error()
				      : 0);
	exit(1);
}

static void need(bool good, const char *what)
{
	if (!good)
		die(what);
}

/* ---- bring-up ------------------------------------------------------------------ */

static void open_egl(void)
{
	static const int context_wanted[] = {EGLSTREAM_CLIENT_VERSION, 3,
					     EGLSTREAM_NONE};
	static const int wanted[] = {
		EGLSTREAM_SURFACE_TYPE, EGLSTREAM_STREAM_BIT,
		EGLSTREAM_RENDERABLE,	EGLSTREAM_ES3_BIT,
		EGLSTREAM_RED,		8,
		EGLSTREAM_GREEN,	8,
		EGLSTREAM_BLUE,		8,
		EGLSTREAM_ALPHA,	8,
		EGLSTREAM_NONE};
	int count = 0;

	need(!eglstream_library_open(&library, &refusal) &&
		     !eglstream_library_find(&library, 0, &refusal) &&
		     !eglstream_library_use(&library, EGLSTREAM_NO_MASTER, 0,
					    EGLSTREAM_FROM_GLES, &refusal),
	     "EGL");
	need(library.egl.choose_config(library.display, wanted, &config, 1,
				       &count) &&
		     count == 1,
	     "no config with EGL_STREAM_BIT_KHR");
	context = library.egl.create_context(library.display, config, NULL,
					     context_wanted);
	need(context, "eglCreateContext");
}

static void open_gl(void)
{
#define SYMBOL(name, symbol, returned, arguments)                              \
	*(void **)&gl.name = eglstream_library_entry(&library, symbol);        \
	need(gl.name, symbol);
	GLES_ENTRIES(SYMBOL)
}

static void open_stream(void)
{
	static const int wanted[] = {EGLSTREAM_REUSE, 0, EGLSTREAM_NONE};
	const int size[] = {EGLSTREAM_WIDTH, width, EGLSTREAM_HEIGHT, height,
			    EGLSTREAM_NONE};

	stream = library.egl.create_stream(library.display, wanted);
	need(stream, "eglCreateStreamKHR");
	RIG_CALL(&rig, consumer_connect, &consumer, stream);
	surface = library.egl.producer_surface(library.display, config, stream,
					       size);
	need(surface, "eglCreateStreamProducerSurfaceKHR");
	need(library.egl.make_current(library.display, surface, surface,
				      context),
	     "eglMakeCurrent");
}

static unsigned int compile(unsigned int kind, const char *text)
{
	unsigned int shader = gl.create_shader(kind);
	int is_done = 0;

	gl.shader_source(shader, 1, &text, NULL);
	gl.compile_shader(shader);
	gl.shader_value(shader, GLES_COMPILE_STATUS, &is_done);
	need(is_done, text);
	return shader;
}

static void use_program(const char *fragment)
{
	static const char vertex[] =
		"#version 300 es\n"
		"void main() {\n"
		"	gl_Position = vec4(float((gl_VertexID & 1) * 4 - 1),\n"
		"		float((gl_VertexID >> 1) * 4 - 1), 0.0, 1.0);\n"
		"}\n";
	unsigned int program = gl.create_program();

	gl.attach_shader(program, compile(GLES_VERTEX_SHADER, vertex));
	gl.attach_shader(program, compile(GLES_FRAGMENT_SHADER, fragment));
	gl.link_program(program);
	gl.use_program(program);
}

static void make_texture(void)
{
	unsigned int name;

	gl.gen_textures(1, &name);
	gl.bind_texture(GLES_TEXTURE_2D, name);
	gl.texture_parameter(GLES_TEXTURE_2D, GLES_MIN_FILTER, GLES_NEAREST);
	gl.texture_parameter(GLES_TEXTURE_2D, GLES_MAG_FILTER, GLES_NEAREST);
	gl.texture_storage(GLES_TEXTURE_2D, 1, GLES_RGBA8, width, height);
	gl.disable(GLES_DITHER);
	gl.viewport(0, 0, width, height);
}

/* ---- frames -------------------------------------------------------------------- */

/* Draw and swap, nanoseconds; then the consumer's turn. first: the first word
 * of what it got, NULL: it does not look. */
static int64_t frame(uint32_t *first)
{
	struct cuda_picture *picture = NULL;
	struct cuda_frame got = {.plane = {NULL}};
	int64_t begin_ns = bench_now_ns(), ns;

	gl.draw(GLES_TRIANGLES, 0, 3);
	need(library.egl.swap(library.display, surface), "eglSwapBuffers");
	ns = bench_now_ns() - begin_ns;
	RIG_CALL(&rig, consumer_acquire, &consumer, &picture, &order, 1000000);
	RIG_CALL(&rig, picture_frame, &got, picture, 0, 0);
	if (first) {
		const struct cuda_copy_2d copy = {
			.from_type = got.type == CUDA_FRAME_ARRAY
					     ? CUDA_MEMORY_ARRAY
					     : CUDA_MEMORY_DEVICE,
			.from_array = got.plane[0],
			.from_device = (uint64_t)(uintptr_t)got.plane[0],
			.from_pitch = got.pitch,
			.to_type = CUDA_MEMORY_HOST,
			.to_host = first,
			.to_pitch = sizeof(*first),
			.width_bytes = sizeof(*first),
			.height = 1};

		RIG_CALL(&rig, copy_2d, &copy, rig.stream);
		RIG_CALL(&rig, stream_wait, rig.stream);
	}
	RIG_CALL(&rig, consumer_release, &consumer, picture, &order);
	return ns;
}

static void measure(uint32_t frames)
{
	static int64_t ns[FRAMES_MAX];
	struct samples samples = {0, FRAMES_MAX, ns};
	uint32_t i, first = 0;

	use_program("#version 300 es\nprecision highp float;\n"
		    "uniform highp sampler2D frame;\nout vec4 pixel;\n"
		    "void main() {\n"
		    "	pixel = texelFetch(frame, ivec2(gl_FragCoord.xy), 0)"
		    ".bgra;\n}\n");
	for (i = 0; i < frames + WARM; i++) {
		int64_t each = frame(NULL);

		if (i >= WARM)
			samples_add(&samples, each);
	}
	samples_sort(&samples);
	use_program("#version 300 es\nprecision highp float;\nout vec4 pixel;\n"
		    "void main() {\n"
		    "	pixel = gl_FragCoord.y < 1.0 ? vec4(1.0) : vec4(0.0);\n"
		    "}\n");
	frame(&first);
	printf("{\"width\":%d,\"height\":%d,\"frames\":%u,"
	       "\"draw_swap_us\":%.1f,\"p99_us\":%.1f,\"first_row\":\"%s\"}\n",
	       width, height, frames, samples_us(&samples, .5),
	       samples_us(&samples, .99), first ? "bottom" : "top");
}

int main(int argc, char *argv[])
{
	long frames = argc == 4 ? strtol(argv[3], NULL, 10) : 0;

	width = argc == 4 ? atoi(argv[1]) : 0;
	height = argc == 4 ? atoi(argv[2]) : 0;
	if (width < 1 || height < 1 || frames < 1 ||
	    frames > FRAMES_MAX - WARM) {
		fprintf(stderr, "usage: gpu_gles WIDTH HEIGHT FRAMES\n");
		return 64;
	}
	rig_open(&rig, 0);
	open_egl();
	open_gl();
	open_stream();
	make_texture();
	measure((uint32_t)frames);
	library.egl.make_current(library.display, NULL, NULL, NULL);
	library.egl.destroy_surface(library.display, surface);
	RIG_CALL(&rig, consumer_disconnect, &consumer);
	library.egl.destroy_context(library.display, context);
	library.egl.destroy_stream(library.display, stream);
	eglstream_library_close(&library);
	rig_close(&rig);
	return 0;
}
