/* tools/graphc/library.c: see library.h. */
#include "tools/graphc/library.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/graphc/number.h"

/* What brings frames from outside: pass_bind reads its format and size. */
static const struct binding source_binding = {
	.type = "source",
	.doc = "frames from outside: a camera, a file, another program",
	.file = "graphc",
	.kind = BINDING_SOURCE,
	.output_count = 1,
	.output = "out",
	.uniform = "0",
	.state = "0",
	.scratch = "0",
	.cuda = true,
};

void library_init(struct library *library)
{
	arena_init(&library->arena);
	library->entries[0] = (struct library_entry){
		.type = source_binding.type,
		.file = source_binding.file,
		.binding = &source_binding,
	};
	library->names[0] = source_binding.type;
	library->count = 1;
}

void library_finish(struct library *library)
{
	arena_finish(&library->arena);
}

static const char *library_join(struct arena *arena, const char *a,
				const char *b, const char *c)
{
	size_t bytes = strlen(a) + strlen(b) + strlen(c);
	char *text = arena_alloc(arena, bytes + 1, 1);

	strcat(strcat(strcpy(text, a), b), c);
	return text;
}

static int is_yaml(const struct dirent *entry)
{
	size_t bytes = strlen(entry->d_name);

	return bytes > 5 && entry->d_name[0] != '.' &&
	       !strcmp(entry->d_name + bytes - 5, ".yaml");
}

/* Byte order: the same on every machine, whatever the locale. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int library_add_file(struct library *library, const char *path,
		    const char *prefix, const char *name, struct diag *diag)
{
	struct arena *arena = &library->arena;
	struct library_entry *entry = &library->entries[library->count];
	size_t end = strlen(path);

	if (library->count == LIMIT_TYPES)
		return diag_refuse(diag, (struct where){1, 1}, RULE_FILE_OPEN,
				   "over %d node types in all directories, "
				   "the limit",
				   LIMIT_TYPES);
	entry->type = arena_text(arena, name, strlen(name) - 5);
	entry->file = library_join(
		arena, path, end && path[end - 1] == '/' ? "" : "/", name);
	entry->header = library_join(arena, prefix, entry->type, ".h");
	entry->binding = NULL;
	library->names[library->count++] = entry->type;
	return 0;
}

int library_add(struct library *library, const char *path, const char *prefix,
		struct diag *diag)
{
	struct dirent **list;
	int i, result = 0, count = scandir(path, &list, is_yaml, by_bytes);

	diag->file = path;
	if (count < 0)
		return diag_refuse(diag, (struct where){1, 1}, RULE_FILE_OPEN,
				   "cannot list this node directory: %s",
				   strerror(errno));
	for (i = 0; i < count; i++) {
		if (!result)
			result = library_add_file(library, path, prefix,
					  list[i]->d_name, diag);
		free(list[i]);
	}
	free(list);
	return result;
}

/* foo.cu, beside foo.yaml. */
static int find_source(struct library *library,
		       const struct library_entry *entry,
		       struct binding *binding, struct diag *diag)
{
	struct arena *arena = &library->arena;
	const char *file = arena_text(arena, entry->file,
				      strlen(entry->file) - strlen("yaml"));
	const char *header = arena_text(arena, entry->header,
					strlen(entry->header) - strlen("h"));

	binding->source = library_join(arena, header, "cu", "");
	if (!access(library_join(arena, file, "cu", ""), R_OK))
		return 0;
	return diag_refuse(diag, binding->cuda_at, RULE_BINDING_CUDA,
			   "%s.cu, with %s_tile(), is not there or cannot be "
			   "read",
			   entry->type, entry->type);
}

/* A sink is shown by the driver of its name, foo.c or foo/ beside foo.yaml;
 * `display` by the one that --display chooses. Without one there is no program
 * that could run the graph. */
static int check_driver(struct library *library,
			const struct library_entry *entry, struct diag *diag)
{
	struct arena *arena = &library->arena;
	const char *folder = arena_text(arena, entry->file,
					strlen(entry->file) - strlen(".yaml"));

	if (!strcmp(entry->type, "display") ||
	    !access(library_join(arena, folder, ".c", ""), R_OK) ||
	    !access(library_join(arena, folder, "/", ""), X_OK))
		return 0;
	return diag_refuse(diag, (struct where){1, 1}, RULE_BINDING_KIND,
			   "no driver shows a sink of type '%s': %s.c and %s/ "
			   "are not beside this file; use type display",
			   entry->type, entry->type, entry->type);
}

static int read_entry(struct library *library, struct library_entry *entry,
		      struct diag *diag)
{
	struct binding *binding;
	const char *asker = diag->file;
	const struct tree *tree;
	struct source source;

	diag->file = entry->file;
	if (source_read(&source, entry->file, &library->arena, diag))
		return -1;
	tree = tree_parse(&source, &library->arena, diag);
	if (!tree)
		return -1;
	binding = arena_alloc(&library->arena, 1, sizeof(*binding));
	if (binding_read(binding, entry->type, tree, &library->arena, diag))
		return -1;
	binding->file = entry->file;
	binding->header = binding->kind == BINDING_SINK ? NULL : entry->header;
	if (binding->kind == BINDING_FRAME && binding->cuda &&
	    find_source(library, entry, binding, diag))
		return -1;
	if (binding->kind == BINDING_SINK && check_driver(library, entry, diag))
		return -1;
	entry->binding = binding;
	diag->file = asker;
	return 0;
}

const struct binding *library_find(struct library *library, const char *type,
				   struct where at, struct diag *diag)
{
	struct library_entry *found = NULL;
	uint32_t i;

	for (i = 0; i < library->count; i++) {
		if (strcmp(library->entries[i].type, type))
			continue;
		if (found) {
			diag_refuse(diag, at, RULE_DUPLICATE_TYPE,
				    "type '%s' is in %s and in %s; rename one",
				    type, found->file,
				    library->entries[i].file);
			return NULL;
		}
		found = &library->entries[i];
	}
	if (!found) {
		diag_refuse(
			diag, at, RULE_UNKNOWN_TYPE, "no node type '%s'%s",
			diag_quote(diag, type),
			diag_hint(diag, type, library->names, library->count));
		return NULL;
	}
	if (!found->binding && read_entry(library, found, diag))
		return NULL;
	return found->binding;
}
