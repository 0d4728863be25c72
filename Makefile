# tickline: every command a person needs. `make help` lists them.

BOARD   ?= host
GRAPH   ?= demo
NODES   ?=
SECONDS ?= 10
ARGS    ?=
RUNS    ?= 1000000
# asan, tsan or clang build the same tree again beside the first one.
VARIANT ?=
# Yours, also from the environment, as dpkg-buildflags gives them.
CFLAGS  ?= -O2 -g
# 1: warnings are errors; for developers and CI.
WERROR  ?=
# Where graphc looks for kernel/ and drivers/ when it is not in build/tools.
GRAPHC_ROOT ?= $(CURDIR)
# V=1 shows whole commands.
Q   := $(if $(V),,@)
say  = @$(if $(V),:,printf '  %-6s %s\n' $(1) $(2))

B := build
# BOARD is a folder of boards/, or the path of one of yours, with a '/'; make
# sees a link where a path has what make cannot have.
BOARD_DIR  := $(shell tools/own.sh board $(B)/boards '$(subst ','\'',$(BOARD))')
$(if $(filter error:,$(BOARD_DIR)),$(error BOARD: $(filter-out error:,$(BOARD_DIR))))
BOARD_NAME := $(notdir $(BOARD_DIR))
include $(BOARD_DIR)/board.mk

OUT   := $(B)/$(BOARD_NAME)$(addprefix -,$(VARIANT))
TOOLS := $(B)/tools$(addprefix -,$(VARIANT))

# ---- compilers and flags -------------------------------------------------
WARN := -Wall -Wextra -Wconversion -Wmissing-prototypes -Wundef -Wvla \
	-Wframe-larger-than=4096
SAN_asan := -fsanitize=address,undefined -fno-sanitize-recover=all -g
SAN_tsan := -fsanitize=thread -g
CC_clang := clang
CC_IS_BOARDS := $(filter default,$(origin CC))
override CC := $(or $(CC_$(VARIANT)),$(if $(filter default,$(origin CC)),$(BOARD_CC),$(CC)))
# The tools run here, whatever the board is.
NATIVE      := $(filter $(BOARD_ARCH),$(shell uname -m))
# For another machine: with its libraries, out of packages that are not installed
# here. Each folder is named, since a cross compiler puts its own C library first.
SYSROOT     ?= $(B)/sysroot/$(BOARD_SUITE)-$(BOARD_ARCH)
ifeq ($(NATIVE),)
SYSROOT_USR := $(abspath $(SYSROOT))/usr
SYSROOT_LIB := $(SYSROOT_USR)/lib/$(BOARD_ARCH)-linux-gnu
CROSS_FLAGS := --sysroot=$(abspath $(SYSROOT)) -isystem $(SYSROOT_USR)/include/$(BOARD_ARCH)-linux-gnu \
	-isystem $(SYSROOT_USR)/include
CROSS_LINK  := --sysroot=$(abspath $(SYSROOT)) -B$(SYSROOT_LIB) -L$(SYSROOT_LIB)
board_pkg    = $(shell PKG_CONFIG_LIBDIR=$(SYSROOT_LIB)/pkgconfig:$(SYSROOT_USR)/share/pkgconfig \
	PKG_CONFIG_SYSROOT_DIR=$(abspath $(SYSROOT)) pkg-config $(1) $(2) 2>/dev/null)
else
board_pkg    = $(pkg)
endif
HOSTCC      := $(or $(CC_$(VARIANT)),$(if $(NATIVE),$(CC),cc))
HOST_CFLAGS := $(if $(NATIVE),$(CPPFLAGS) $(CFLAGS),-O2 -g)
pkg          = $(shell pkg-config $(1) $(2) 2>/dev/null)
# What a folder of drivers needs is in its libs.mk.
DRIVER_CFLAGS :=
DRIVER_LIBS   :=
include $(wildcard drivers/*/libs.mk drivers/*/*/libs.mk)
# What the code needs comes after what you ask for. -ffp-contract=off: the same
# double arithmetic on every machine (DEMO picture).
# The folder that it is built in is in no program.
NEEDED := -std=gnu11 $(WARN) -ffile-prefix-map=$(CURDIR)=. -ffp-contract=off -fno-strict-aliasing -pthread \
	-I. -I$(B)/generated $(SAN_$(VARIANT))
# OBJ_FLAGS: a target's own
COMPILE = $(CPPFLAGS) $(CFLAGS) $(BOARD_FLAGS) $(CROSS_FLAGS) $(NEEDED) $(DRIVER_CFLAGS) $(if $(WERROR),-Werror) $(OBJ_FLAGS)
HOST_COMPILE = $(HOST_CFLAGS) $(NEEDED) $(if $(WERROR),-Werror) $(OBJ_FLAGS)
LINK    = $(CFLAGS) $(BOARD_FLAGS) $(CROSS_LINK) -Wl,-z,relro,-z,now $(LDFLAGS) -pthread $(SAN_$(VARIANT))
HOST_LINK = $(HOST_CFLAGS) $(if $(NATIVE),$(LDFLAGS)) -pthread $(SAN_$(VARIANT))
PROGRAM_LIBS = $(DRIVER_LIBS) -ljansson -lm

# nvcc makes a graph's kernels: yours, or the first that knows the board's GPU.
# Without one programs run on the CPU only.
NVCC_HERE  := $(if $(BOARD_CUDA_ARCHS),$(shell tools/nvcc.sh '$(BOARD_CUDA_ARCHS)' $(or $(NVCC),nvcc \
	$(wildcard /usr/local/cuda/bin/nvcc /usr/local/cuda-*/bin/nvcc $(B)/cuda-*/bin/nvcc))))
CUDA_ARCHS := $(filter sm_%,$(NVCC_HERE))
override NVCC := $(filter-out sm_%,$(NVCC_HERE))
no_kernels  = $(if $(NVCC),,$(if $(BOARD_CUDA_ARCHS),echo "make: no kernels: no nvcc here knows" \
	"$(BOARD_CUDA_ARCHS)$(if $(BOARD_CUDA), (CUDA $(BOARD_CUDA) does)): the program draws on the CPU" \
	"only; NVCC=/path/nvcc names one"))
# It makes code for GPUs only here, so the host's compiler may be any.
NVCCFLAGS  := -std=c++14 -O3 -allow-unsupported-compiler -I. -I$(B)/generated -fatbin -Xfatbin -compress-all \
	$(foreach a,$(CUDA_ARCHS),-gencode arch=$(a:sm_%=compute_%),code=$(a))

# One object per instruction set; runtime/app/isa.c chooses at start.
ISA_base   := -O3
ISA_avx2   := -O3 -mavx2 -mbmi -mbmi2
ISA_avx512 := -O3 -mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx2 \
	-mprefer-vector-width=512
# The displays that a board wants tried first, for auto.
NO_DISPLAY := $(filter-out $(basename $(notdir $(wildcard drivers/display/[!d]*.yaml) \
	$(patsubst %/,%,$(dir $(wildcard drivers/display/*/libs.mk))))),$(BOARD_DISPLAYS))
$(if $(NO_DISPLAY),$(error board $(BOARD): BOARD_DISPLAYS: no display '$(firstword $(NO_DISPLAY))'))
$(OUT)/obj/runtime/main.o: OBJ_FLAGS += \
	$(if $(BOARD_DISPLAYS),-DDISPLAYS_ORDER='"$(BOARD_DISPLAYS)"')
# The board's advice for the kernel's command line, for --probe.
$(OUT)/obj/runtime/app/print_only.o: OBJ_FLAGS += \
	$(if $(BOARD_CMDLINE),-DBOARD_CMDLINE='"$(BOARD_CMDLINE)"')
ISAS := base $(if $(filter x86_64,$(BOARD_ARCH)),avx2 avx512)

# A file that holds TEXT and is newer than what was made with another text.
# $(call note,FILE,TEXT_VARIABLE): prerequisites of its rule; $(file) writes it.
# strip: make 4.3 forgets at times to take the last newline off what it reads.
changed = $(subst x$(strip $(file <$(1)))x,,x$(strip $($(2)))x)
define note
$(1): $(if $(call changed,$(1),$(2)),force)
	@$$(if $$(dry_run),,$$(shell mkdir -p $$(@D))$$(file >$$@,$$(strip $$($(2))))):
endef
dry_run = $(findstring n,$(firstword -$(filter-out --%,$(MAKEFLAGS))))
# Everything that is compiled depends on these: all flags, the compiler's
# version, and the files that say how. The tools are the same for every board.
version = $(shell $(1) --version 2>/dev/null | head -n 1)
FLAGS := $(filter-out -Werror,$(CC) $(call version,$(CC)) $(COMPILE) $(LINK) \
	$(PROGRAM_LIBS) $(NVCC) $(CUDA_ARCHS) $(ISAS) \
	$(shell cksum Makefile $(BOARD_DIR)/board.mk))
HOST_FLAGS := $(filter-out -Werror,$(HOSTCC) $(call version,$(HOSTCC)) $(HOST_COMPILE) \
	$(HOST_LINK) $(GRAPHC_ROOT) $(shell cksum Makefile))
OUT_FLAGS   := $(OUT)/obj/flags
TOOLS_FLAGS := $(TOOLS)/obj/flags
$(eval $(call note,$(OUT_FLAGS),FLAGS))
$(eval $(call note,$(TOOLS_FLAGS),HOST_FLAGS))

# ---- sources -------------------------------------------------------------
RUNTIME_SRC := $(wildcard runtime/*.c runtime/*/*.c drivers/*/*.c drivers/*/*/*.c)
RUNTIME_OBJ := $(RUNTIME_SRC:%.c=$(OUT)/obj/%.o)
GRAPHC_SRC  := $(wildcard tools/graphc/*.c) tools/bakefont/faces.c runtime/base/text.c
GRAPHC_OBJ  := $(GRAPHC_SRC:%.c=$(TOOLS)/obj/%.o)
GRAPHC_LIBS := -lyaml -lpng $(call pkg,--libs,freetype2) -lm
FONT_ATLAS  := $(B)/generated/kernel/font_atlas.h $(B)/generated/kernel/font_sample.h

# ---- whose graph, whose node types ----------------------------------------
# GRAPH is the name of one of the tree's, or the path of a file: a name has no
# '.' and no '/'. NODES is a folder, or several. Paths of yours may have spaces;
# make, which cannot have them, sees links without.
# twice: a name with a space falls into words that name nothing
files = $(wildcard $(wildcard $(1)))
quote = '$(subst ','\'',$(1))'
NODE_LINKS := $(if $(NODES),$(shell tools/own.sh nodes $(B)/nodes $(call quote,$(NODES))))
TREE_GRAPHS := $(notdir $(basename $(call files,graph/*.yaml)))
OWN := $(findstring /,$(GRAPH))$(findstring .,$(GRAPH))
# Names that are not for a graph of yours, since its folder would be another's.
TAKEN := obj tests bench log gpu tickline $(TREE_GRAPHS)
known_graph = $(if $(OWN)$(filter $(GRAPH),$(TREE_GRAPHS)),,$(error no graph '$(GRAPH)': \
	GRAPH is one of $(TREE_GRAPHS), or the path of a YAML file))
known_nodes = $(if $(filter error:,$(NODE_LINKS)),$(error NODES: $(filter-out error:,$(NODE_LINKS))))
# GRAPH_NAME for a second make: graphc, which the first one builds, knows it.
name_graph = GRAPH_NAME=$(if $(OWN),$$(tools/own.sh graph $(TOOLS)/graphc $(OUT) \
	$(call quote,$(GRAPH)) $(TAKEN)),$(GRAPH)) && export GRAPH_NAME
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$$(nproc))
make = $(MAKE) --no-print-directory $(jobs)

# What building for the board needs: packages, another machine's libraries, a compiler.
set_up = tools/setup.sh build $(if $(NATIVE),,$(if $(CC_IS_BOARDS),cross)) $(if \
	$(NATIVE)$(filter-out file,$(origin SYSROOT)),,&& tools/sysroot.sh '$(BOARD_SUITE)' \
	$(BOARD_ARCH) $(SYSROOT)) && { command -v $(firstword $(CC)) >/dev/null || { echo "make: no \
	compiler '$(firstword $(CC))' for board $(BOARD_NAME): install it, or name one with CC=" >&2; exit 1; }; }
runs_here = $(if $(NATIVE),,$(error board $(BOARD_NAME) is $(BOARD_ARCH), this machine \
	$(shell uname -m): `make program` builds what is to be copied there))

# What tools/packaging is told.
PREFIX ?= /usr/local
DEB_ARCH = $(or $(patsubst aarch64,arm64,$(filter aarch64,$(BOARD_ARCH))),$(patsubst \
	x86_64,amd64,$(filter x86_64,$(BOARD_ARCH))),$(BOARD_ARCH))
packaged = PROGRAM=$(OUT)/$$GRAPH_NAME/$$GRAPH_NAME GRAPH=$$GRAPH_NAME \
	TABLES=$(OUT)/$$GRAPH_NAME/$$GRAPH_NAME.c DESTDIR=$(call quote,$(DESTDIR)) PREFIX=$(call quote,$(PREFIX)) \
	DISPLAY_OPTION=$(or $(firstword $(BOARD_DISPLAYS)),kms) MODPROBE=$(filter nvidia-drm,$(BOARD_KMS_DRIVERS))

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.PHONY: help setup program run install deb test test-full check soak bench bench-trace bench-peers graphs fuzz gpu-pack \
	vm vm-test vm-screenshot clean all suites e2e graphc named force tickline
.SECONDARY:
.DELETE_ON_ERROR:

help: ## this list
	@echo "make TARGET [BOARD=host] [GRAPH=demo|/path/my.yaml] [NODES=/path/nodes]"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

setup: ## install what building and running need, through the package manager
	@tools/setup.sh build

program: ## build GRAPH's program and say where it is
	$(known_graph)$(known_nodes)@$(set_up)
	+@$(make) graphc
	+@$(name_graph) && $(make) named && echo "$(OUT)/$$GRAPH_NAME/$$GRAPH_NAME"

run: ## run GRAPH for SECONDS=10 (0: until interrupted) on the best display; ARGS='--display headless'
	$(runs_here)$(known_graph)$(known_nodes)@$(set_up)
	+@$(make) graphc
	+@$(name_graph) && $(make) named
	@$(name_graph) && at=$(OUT)/$$GRAPH_NAME/$$GRAPH_NAME && rm -f $$at.png && \
	set -- $$at $(if $(filter-out 0,$(SECONDS)),--seconds $(SECONDS)) \
		--status --snapshot $$at.png --report text $(ARGS) && \
	printf '%s\n' "$$*" && "$$@" && \
	if [ -e $$at.png ]; then echo "snapshot: $$at.png"; fi

install: ## put GRAPH's program, man page and service under DESTDIR and PREFIX=/usr/local
	$(known_graph)$(known_nodes)@$(set_up) && tools/setup.sh package
	+@$(make) graphc
	+@$(name_graph) && $(make) named
	@$(name_graph) && $(packaged) TOOL=$(OUT)/tickline tools/packaging/install.sh

deb: ## a Debian package of GRAPH's program and service for BOARD (docs/packages.md)
	$(known_graph)$(known_nodes)@$(set_up) && tools/setup.sh package
	+@$(make) graphc
	+@$(name_graph) && $(make) named
	@$(name_graph) && $(packaged) STRIP=$(patsubst %gcc,%strip,$(if $(filter %gcc,$(CC)),$(CC),gcc)) \
		tools/packaging/deb.sh $(OUT) $(DEB_ARCH)

test: ## install what testing needs, then pass the suite
	$(runs_here)@tools/setup.sh build test vm
	+@$(make) all
	@tests/run.sh $(OUT) test

test-full: ## all of it: every VM scenario, sanitizers, fuzzers, long loops
	$(runs_here)@tools/setup.sh build test vm
	+@$(make) all
	@tests/run.sh $(OUT) full

check: ## the quick part of the suite, for editing: minutes; NODES= tests yours too
	$(runs_here)$(known_graph)$(known_nodes)@tools/setup.sh build test
	+@$(make) graphc
	+@$(name_graph) && $(make) named all
	@tests/run.sh $(OUT) quick

soak: ## 30 days of ticks in simulated time, and across 2^31 and 2^53; a minute
	@tools/setup.sh build
	+@$(make) $(OUT)/tests/runtime/soak
	@$(OUT)/tests/runtime/soak

bench: ## measure; prints tables, writes build/bench.json
	$(runs_here)@tools/setup.sh build bench
	+@$(make) all benches
	@tests/bench/run.sh $(OUT) $(B)/bench.json

bench-trace: ## what --trace costs: a minute at 1 kHz with and without, its size
	@tools/setup.sh build bench test
	+@$(make) graphc
	+@$(make) $(OUT)/demo-1khz/demo-1khz
	@tests/bench/trace.sh $(OUT)

bench-peers: ## the studio picture next to GStreamer and FFmpeg
	@tools/setup.sh build peers
	+@$(make) $(OUT)/bench-studio/bench-studio
	@tests/bench/peers.sh $(OUT) $(B)/bench-peers.json

graphs: ## generate every graph's files and reports again
	@$(set_up)
	+@$(make) generated

vm: ## a shell in the VM lab: real kernel display drivers under QEMU (tests/vm)
	@tools/setup.sh build vm
	tests/vm/lab.sh shell

vm-test: ## the VM lab's part of `make test-full` alone, each scenario and check shown
	@tools/setup.sh build vm
	+@$(make) programs vm-programs $(OUT)/demo/demo-trap
	tests/vm/payload.sh $(OUT) || [ $$? = 77 ]
	tests/vm/lab.sh test

vm-screenshot: ## a PNG of what the guest displays
	@tools/setup.sh build vm
	tests/vm/lab.sh screenshot

gpu-pack: ## what tests/gpu/run.sh needs on a machine with a GPU (docs/gpu.md)
	@tools/setup.sh build test
	tests/gpu/pack.sh

fuzz: ## fuzz the graph compiler, the file source and control requests, RUNS=1000000 under ASan and UBSan
	@tools/setup.sh build test
	tests/graph/fuzz.sh $(RUNS)
	tests/drivers/fuzz.sh $(RUNS)
	tests/runtime/fuzz.sh $(RUNS)

clean: ## remove everything that was built
	rm -rf $(B)

# ---- tools ---------------------------------------------------------------
$(TOOLS)/obj/%.o: %.c $(TOOLS_FLAGS) | $(FONT_ATLAS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(HOSTCC) $(HOST_COMPILE) -MMD -MP -c -o $@ $<
$(TOOLS)/obj/tools/graphc/baked_image.o: OBJ_FLAGS += $(call pkg,--cflags,libpng)
$(TOOLS)/obj/tools/bakefont/faces.o: OBJ_FLAGS += $(call pkg,--cflags,freetype2)
$(TOOLS)/obj/tools/graphc/main.o: OBJ_FLAGS += -DGRAPHC_ROOT='"$(GRAPHC_ROOT)"'

# Everything in graphc but its main(), for the tests.
$(TOOLS)/libgraphc.a: $(filter-out %/graphc/main.o,$(GRAPHC_OBJ))
	@rm -f $@
	$(call say,AR,$@)
	$(Q)ar rcs $@ $^

$(TOOLS)/graphc: $(TOOLS)/obj/tools/graphc/main.o $(TOOLS)/libgraphc.a
	$(call say,LD,$@)
	$(Q)$(HOSTCC) $(HOST_LINK) -o $@ $^ $(GRAPHC_LIBS)

graphc: $(TOOLS)/graphc ; @:

$(TOOLS)/nodedoc: $(TOOLS)/obj/tools/nodedoc/nodedoc.o $(TOOLS)/libgraphc.a
	$(call say,LD,$@)
	$(Q)$(HOSTCC) $(HOST_LINK) -o $@ $^ $(GRAPHC_LIBS)

$(B)/tools/bakefont: $(wildcard tools/bakefont/*.[ch])
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)cc -std=gnu11 -O2 $(WARN) -I. $(call pkg,--cflags,freetype2) -o $@ $(filter %.c,$^) \
		$(call pkg,--libs,freetype2) -lm

$(B)/generated/kernel/font_atlas.h: $(B)/tools/bakefont
	@mkdir -p $(@D)
	$(call say,BAKE,$@)
	$(Q)$< -o $@

$(B)/generated/kernel/font_sample.h: $(B)/tools/bakefont
	@mkdir -p $(@D)
	$(call say,BAKE,$@)
	$(Q)$< -s $@

# ---- the command line for running programs, the board's ----------------------
TICKLINE_OBJ := $(patsubst %.c,$(OUT)/obj/%.o,$(wildcard tools/tickline/*.c) \
	runtime/control/socket.c $(addprefix runtime/base/,message.c text.c write_all.c))

$(OUT)/tickline: $(TICKLINE_OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ -ljansson -lm

# where this machine's is, whatever board is built
$(TOOLS)/tickline: $(OUT)/tickline
	@mkdir -p $(@D)
	$(Q)ln -sfn ../../$< $@

# ---- graphs: NAME.yaml -> NAME.{h,c,cu,txt,dot} -> one program ---------------
$(OUT)/obj/%.o: %.c $(OUT_FLAGS) | $(FONT_ATLAS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(COMPILE) -MMD -MP -c -o $@ $<

# No kernels: for programs of tests, which lack a graph's own.
$(OUT)/obj/drivers/cuda/fatbin.o: drivers/cuda/fatbin.S
	@mkdir -p $(@D)
	$(call say,AS,$@)
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

# What a description became depends on it, on graphc, the board and the node
# types that there are: a list, since one may come or go.
BINDINGS := $(call files,kernel/*.yaml drivers/*/*.yaml)
# a link is graphc's input by the path that it leads to: that stands in messages
follow = $$(readlink $(1) || echo $(1))

# $(1) name, $(2) description file, $(3) folders of further node types. A pattern
# makes all five files at once, whichever is missing; % is the dot in their names.
define graph_rules
NOTE_$(1) := $(2) $(if $(filter $(OUT)/%,$(2)),$$(shell readlink $(2))) $(BOARD_DIR) $(BINDINGS) $(3) $(call files,$(3:%=%/*.yaml))
$$(eval $$(call note,$(OUT)/$(1)/made.of,NOTE_$(1)))
$(foreach x,c h cu txt dot,$(OUT)/$(1)/$(1)%$(x)): $(2) $(OUT)/$(1)/made%of $(TOOLS)/graphc \
		$(BINDINGS) $(call files,$(3:%=%/*.yaml)) $(BOARD_DIR)/board.yaml
	$$(call say,GRAPHC,$$(@D)/$(1).c)
	$(Q)$(TOOLS)/graphc -b $(BOARD_DIR)/board.yaml $(foreach n,$(3),-n "$$(call follow,$(n))") \
		--named $(1) -o $$(@D) "$$(call follow,$(2))"

$(foreach isa,$(ISAS),$(OUT)/$(1)/$(1).$(isa).o): $(OUT)/$(1)/$(1).%.o: $(OUT)/$(1)/$(1).c $(OUT_FLAGS) | $(FONT_ATLAS)
	$$(call say,CC,$$@)
	$(Q)$(CC) $$(COMPILE) -MMD -MP $$(ISA_$$*) -DGRAPH_SYMBOL=graph_$$* $(addprefix -iquote ,$(3)) -c -o $$@ $$<

$(OUT)/$(1)/$(1).fatbin: $(OUT)/$(1)/$(1).cu $(OUT_FLAGS) | $(FONT_ATLAS)
	$$(call say,NVCC,$$@)
	$(Q)$(NVCC) $(NVCCFLAGS) $(foreach n,$(3),-I$(n)) -MD -MF $$(@:=.d) -o $$@ $$<

$(OUT)/$(1)/fatbin.o: drivers/cuda/fatbin.S $(OUT_FLAGS) $(if $(NVCC),$(OUT)/$(1)/$(1).fatbin)
	@mkdir -p $$(@D)
	$$(call say,AS,$$@)
	$(Q)$(CC) $$(CFLAGS) $(if $(NVCC),-DFATBIN='"$(OUT)/$(1)/$(1).fatbin"' \
		-DARCHITECTURES='"$(CUDA_ARCHS)"') -c -o $$@ $$<

$(OUT)/$(1)/$(1): $(RUNTIME_OBJ) $(OUT)/$(1)/fatbin.o $(foreach isa,$(ISAS),$(OUT)/$(1)/$(1).$(isa).o)
	$$(call say,LD,$$@)
	$(Q)$(CC) $$(LINK) -o $$@ $$^ $(PROGRAM_LIBS)
	$(if $(BOARD_GLIBC),$(Q)tools/glibc.sh $$@ $(BOARD_GLIBC) $(BOARD_NAME))

$(OUT)/$(1)/$(1)-trap: $(RUNTIME_OBJ) $(OUT)/$(1)/fatbin.o $(OUT)/obj/tests/runtime/alloc_trap.o $(foreach isa,$(ISAS),$(OUT)/$(1)/$(1).$(isa).o)
	$$(call say,LD,$$@)
	$(Q)$(CC) $$(LINK) -o $$@ $$^ $(PROGRAM_LIBS)

-include $(foreach isa,$(ISAS),$(OUT)/$(1)/$(1).$(isa).d) $(OUT)/$(1)/$(1).fatbin.d $(OUT)/$(1)/$(1).d
TAKEN += $(1)
endef
$(foreach g,$(TREE_GRAPHS),$(eval $(call graph_rules,$(g),graph/$(g).yaml,$(NODE_LINKS))))
generated: $(foreach g,$(TREE_GRAPHS),$(foreach x,c h cu txt dot,$(OUT)/$(g)/$(g).$(x)))
programs: $(foreach g,$(TREE_GRAPHS),$(OUT)/$(g)/$(g))
.PHONY: generated programs benches

include tests/tests.mk

# A graph of yours, in the second make; own.sh has refused names that are taken.
ifneq ($(GRAPH_NAME),)
ifeq ($(filter $(GRAPH_NAME),$(TREE_GRAPHS)),)
$(eval $(call graph_rules,$(GRAPH_NAME),$(OUT)/$(GRAPH_NAME)/description.yaml,$(NODE_LINKS)))
endif
named: $(OUT)/$(GRAPH_NAME)/$(GRAPH_NAME) tickline ; @$(or $(no_kernels),:)
endif

# of the benchmarks what only they have, so that it compiles
tickline: $(OUT)/tickline $(if $(filter host,$(BOARD_NAME)),$(TOOLS)/tickline) ; @:

all: tickline programs suites e2e $(OUT)/demo/demo-trap \
	$(patsubst %.c,$(OUT)/obj/%.o,$(wildcard tests/bench/bench_*.c))

-include $(RUNTIME_OBJ:.o=.d) $(patsubst %.o,%.d,$(filter $(OUT)/obj/tools/%,$(TICKLINE_OBJ))) $(GRAPHC_OBJ:.o=.d) $(TOOLS)/obj/tools/nodedoc/nodedoc.d
