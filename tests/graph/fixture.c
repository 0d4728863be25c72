/* tests/graph/fixture.c: see fixture.h. */
#include "tests/graph/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct fixture *f, const char *path, const char *prefix)
{
	if (!library_add(&f->library, path, prefix, &f->diag))
		return;
	fputs(diag_line(&f->diag, &f->library.arena), stderr);
	exit(2);
}

void fixture_init(struct fixture *f, const char *const *folders)
{
	memset(f, 0, sizeof(*f));
	library_init(&f->library);
	arena_init(&f->arena);
	diag_init(&f->diag);
	f->board = board_default;
	f->fuse = true;
	add(f, "kernel", "kernel/");
	add(f, "drivers/display", "drivers/display/");
	for (; *folders; folders++)
		add(f, *folders, "");
}

void fixture_finish(struct fixture *f)
{
	library_finish(&f->library);
	arena_finish(&f->arena);
}

const char *fixture_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int compile_source(struct fixture *f, const struct source *source,
			  const char *name)
{
	size_t folder_bytes = (size_t)(fixture_base(name) - name);
	const struct compile job = {.library = &f->library,
				    .board = &f->board,
				    .arena = &f->arena,
				    .diag = &f->diag,
				    .file = fixture_base(name),
				    .folder = arena_text(&f->arena, name,
							 folder_bytes),
				    .fuse = f->fuse};

	return compile(&job, source, &f->ir, &f->output);
}

int fixture_compile_file(struct fixture *f, const char *path)
{
	struct source source;

	arena_reset(&f->arena);
	diag_init(&f->diag);
	f->diag.file = path;
	if (source_read(&source, path, &f->arena, &f->diag))
		return -1;
	return compile_source(f, &source, path);
}

int fixture_compile_text(struct fixture *f, const char *text)
{
	struct source source = {text, strlen(text)};

	arena_reset(&f->arena);
	diag_init(&f->diag);
	f->diag.file = "text.yaml";
	if (source_check(&source, &f->diag))
		return -1;
	return compile_source(f, &source, "tests/graph/text.yaml");
}

const char *fixture_message(struct fixture *f)
{
	return f->diag.rule == RULE_COUNT ? "" : diag_line(&f->diag, &f->arena);
}

const char *fixture_read(struct fixture *f, const char *path, bool *missing)
{
	FILE *file = fopen(path, "re");
	size_t bytes, size = 1 << 20;
	char *text = arena_alloc(&f->arena, size, 1);

	*missing = !file;
	if (!file)
		return "";
	bytes = fread(text, 1, size - 1, file);
	text[bytes] = '\0';
	fclose(file);
	return text;
}
