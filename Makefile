# tickline: every command a person needs. `make help` lists them.

BOARD   ?= host
GRAPH   ?= demo
NODES   ?=
SECONDS ?= 10
RUNS    ?= 1000000
# asan, tsan or clang build the same tree again beside the first one.
VARIANT ?=
# V=1 shows whole commands.
Q   := $(if $(V),,@)
say  = @$(if $(V),:,printf '  %-6s %s\n' $(1) $(2))

include boards/$(BOARD)/board.mk

B     := build
OUT   := $(B)/$(BOARD)$(addprefix -,$(VARIANT))
TOOLS := $(B)/tools$(addprefix -,$(VARIANT))

# ---- compilers and flags -------------------------------------------------
WARN := -Wall -Wextra -Werror -Wconversion -Wmissing-prototypes -Wundef -Wvla \
	-Wframe-larger-than=4096
SAN_asan := -fsanitize=address,undefined -fno-sanitize-recover=all -g
SAN_tsan := -fsanitize=thread -g
CC_clang := clang
CC       := $(or $(CC_$(VARIANT)),$(BOARD_CC))
HOSTCC   := $(or $(CC_$(VARIANT)),cc)
pkg       = $(shell pkg-config $(1) $(2) 2>/dev/null)
# What a folder of drivers needs is in its libs.mk.
DRIVER_CFLAGS :=
DRIVER_LIBS   :=
include $(wildcard drivers/*/libs.mk drivers/*/*/libs.mk)
# -ffp-contract=off: the same double arithmetic on every machine (DEMO picture).
CFLAGS   := -std=gnu11 -O2 -g $(WARN) -ffp-contract=off -fno-strict-aliasing \
	-pthread -MMD -MP -I. -I$(B)/generated $(DRIVER_CFLAGS) \
	$(SAN_$(VARIANT))
LDFLAGS  := -pthread $(SAN_$(VARIANT))
PROGRAM_LIBS = $(DRIVER_LIBS) -lm

# nvcc makes a graph's kernels; without it programs run on the CPU only.
NVCC       := $(shell command -v nvcc || ls /usr/local/cuda/bin/nvcc 2>/dev/null)
CUDA_ARCHS := $(if $(NVCC),$(filter $(shell $(NVCC) --list-gpu-code),$(BOARD_CUDA_ARCHS)))
NVCCFLAGS  := -std=c++14 -O3 -I. -I$(B)/generated -fatbin -Xfatbin -compress-all \
	$(foreach a,$(CUDA_ARCHS),-gencode arch=$(a:sm_%=compute_%),code=$(a))

# One object per instruction set; runtime/app/isa.c chooses at start.
ISA_base   := -O3
ISA_avx2   := -O3 -mavx2 -mbmi -mbmi2
ISA_avx512 := -O3 -mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx2 \
	-mprefer-vector-width=512
ISAS := base $(if $(filter x86_64,$(BOARD_ARCH)),avx2 avx512)

# ---- sources -------------------------------------------------------------
RUNTIME_SRC := $(wildcard runtime/*.c runtime/*/*.c drivers/*/*.c drivers/*/*/*.c)
RUNTIME_OBJ := $(RUNTIME_SRC:%.c=$(OUT)/obj/%.o)
GRAPHC_SRC  := $(wildcard tools/graphc/*.c)
GRAPHC_OBJ  := $(GRAPHC_SRC:%.c=$(TOOLS)/obj/%.o)
BINDINGS    := $(wildcard kernel/*.yaml drivers/*/*.yaml $(addsuffix /*.yaml,$(NODES)))
FONT_ATLAS  := $(B)/generated/kernel/font_atlas.h

GRAPH_FILES := $(sort $(wildcard graph/*.yaml) $(filter %.yaml,$(GRAPH)))
graph_name   = $(or $(shell sed -n 's/^graph: *\([A-Za-z0-9_-]*\).*/\1/p' $(1) 2>/dev/null),$(basename $(notdir $(1))))
G           := $(if $(filter %.yaml,$(GRAPH)),$(call graph_name,$(GRAPH)),$(GRAPH))
PROGRAM     := $(OUT)/$(G)/$(G)

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench graphs fuzz gpu-pack vm vm-test vm-screenshot clean all suites e2e lint
.SECONDARY:
.DELETE_ON_ERROR:

help: ## this list
	@echo "make TARGET [BOARD=host] [GRAPH=demo|/path/my.yaml] [NODES=/path/nodes]"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

setup: ## install what building and running need, through the package manager
	@tools/setup.sh build

run: setup ## run the graph for SECONDS=10 (0: until interrupted) on the best display
	@$(MAKE) --no-print-directory -j$$(nproc) $(PROGRAM)
	$(PROGRAM) $(if $(filter-out 0,$(SECONDS)),--seconds $(SECONDS)) \
		--status --snapshot $(OUT)/$(G)/$(G).png --report text
	@echo "snapshot: $(OUT)/$(G)/$(G).png"

test: ## install what testing needs, then pass the whole suite
	@tools/setup.sh build test vm
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@tests/run.sh $(OUT) full

check: ## the quick part of the suite, for editing (under 30 s)
	@$(MAKE) --no-print-directory -j$$(nproc) $(PROGRAM) suites
	@tests/run.sh $(OUT) quick

bench: ## measure; prints tables, writes build/bench.json
	@tools/setup.sh build bench
	@$(MAKE) --no-print-directory -j$$(nproc) all benches
	@tests/bench/run.sh $(OUT) $(B)/bench.json

graphs: ## regenerate every graph's headers and report
	@tools/setup.sh build
	@$(MAKE) --no-print-directory -j$$(nproc) generated

vm: ## a shell in the VM lab: real kernel display drivers under QEMU (tests/vm)
	@tools/setup.sh build vm
	tests/vm/lab.sh shell

vm-test: ## the VM lab's part of `make test` alone, each scenario and check shown
	@tools/setup.sh build vm
	@$(MAKE) --no-print-directory -j$$(nproc) programs $(OUT)/demo/demo-trap
	tests/vm/payload.sh $(OUT) || [ $$? = 77 ]
	tests/vm/lab.sh test

vm-screenshot: ## a PNG of what the guest displays
	@tools/setup.sh build vm
	tests/vm/lab.sh screenshot

gpu-pack: ## what tests/gpu/run.sh needs on a machine with a GPU (docs/gpu.md)
	@tools/setup.sh build test
	tests/gpu/pack.sh

fuzz: ## fuzz the graph compiler, RUNS=1000000 under ASan and UBSan
	@tools/setup.sh build test
	tests/graph/fuzz.sh $(RUNS)

clean: ## remove everything that was built
	rm -rf $(B)

# ---- tools ---------------------------------------------------------------
$(TOOLS)/obj/%.o: %.c | $(FONT_ATLAS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(HOSTCC) $(CFLAGS) -c -o $@ $<

# Everything in graphc but its main(), for the tests.
$(TOOLS)/libgraphc.a: $(filter-out %/main.o,$(GRAPHC_OBJ))
	@rm -f $@
	$(call say,AR,$@)
	$(Q)ar rcs $@ $^

$(TOOLS)/graphc: $(TOOLS)/obj/tools/graphc/main.o $(TOOLS)/libgraphc.a
	$(call say,LD,$@)
	$(Q)$(HOSTCC) $(LDFLAGS) -o $@ $^ -lyaml

$(B)/tools/bakefont: tools/bakefont/bakefont.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)cc -std=gnu11 -O2 $(WARN) $(call pkg,--cflags,freetype2) -o $@ $< \
		$(call pkg,--libs,freetype2) -lm

$(FONT_ATLAS): $(B)/tools/bakefont
	@mkdir -p $(@D)
	$(call say,BAKE,$@)
	$(Q)$< -o $@

# ---- graphs: NAME.yaml -> NAME.{h,c,txt,dot} -> one program ----------------
$(OUT)/obj/%.o: %.c | $(FONT_ATLAS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

# No kernels: for programs of tests, which lack a graph's own.
$(OUT)/obj/drivers/cuda/fatbin.o: drivers/cuda/fatbin.S
	@mkdir -p $(@D)
	$(call say,AS,$@)
	$(Q)$(CC) -c -o $@ $<

# $(1) name, $(2) description file, $(3) folders of further node types
define graph_rules
$(OUT)/$(1)/$(1).c: $(2) $(TOOLS)/graphc $(BINDINGS) boards/$(BOARD)/board.yaml
	$$(call say,GRAPHC,$$@)
	$(Q)$(TOOLS)/graphc -b boards/$(BOARD)/board.yaml $(addprefix -n ,$(3)) -o $$(@D) $(2)

$(foreach isa,$(ISAS),$(OUT)/$(1)/$(1).$(isa).o): $(OUT)/$(1)/$(1).%.o: $(OUT)/$(1)/$(1).c | $(FONT_ATLAS)
	$$(call say,CC,$$@)
	$(Q)$(CC) $(CFLAGS) $$(ISA_$$*) -DGRAPH_SYMBOL=graph_$$* $(addprefix -iquote ,$(3)) -c -o $$@ $$<

$(OUT)/$(1)/$(1).cu: $(OUT)/$(1)/$(1).c ;
$(OUT)/$(1)/$(1).fatbin: $(OUT)/$(1)/$(1).cu | $(FONT_ATLAS)
	$$(call say,NVCC,$$@)
	$(Q)$(NVCC) $(NVCCFLAGS) $(foreach n,$(3),-I$(n)) -MD -MF $$(@:=.d) -o $$@ $$<

$(OUT)/$(1)/fatbin.o: drivers/cuda/fatbin.S $(if $(NVCC),$(OUT)/$(1)/$(1).fatbin)
	@mkdir -p $$(@D)
	$$(call say,AS,$$@)
	$(Q)$(CC) $(if $(NVCC),-DFATBIN='"$(OUT)/$(1)/$(1).fatbin"' \
		-DARCHITECTURES='"$(CUDA_ARCHS)"') -c -o $$@ $$<

$(OUT)/$(1)/$(1): $(RUNTIME_OBJ) $(OUT)/$(1)/fatbin.o $(foreach isa,$(ISAS),$(OUT)/$(1)/$(1).$(isa).o)
	$$(call say,LD,$$@)
	$(Q)$(CC) $(LDFLAGS) -o $$@ $$^ $(PROGRAM_LIBS)

$(OUT)/$(1)/$(1)-trap: $(RUNTIME_OBJ) $(OUT)/$(1)/fatbin.o $(OUT)/obj/tests/runtime/alloc_trap.o $(foreach isa,$(ISAS),$(OUT)/$(1)/$(1).$(isa).o)
	$$(call say,LD,$$@)
	$(Q)$(CC) $(LDFLAGS) -o $$@ $$^ $(PROGRAM_LIBS)

-include $(foreach isa,$(ISAS),$(OUT)/$(1)/$(1).$(isa).d) $(OUT)/$(1)/$(1).fatbin.d
endef
$(foreach f,$(GRAPH_FILES),$(eval $(call graph_rules,$(call graph_name,$(f)),$(f),$(NODES))))
GRAPHS := $(foreach f,$(GRAPH_FILES),$(call graph_name,$(f)))
generated: $(foreach g,$(GRAPHS),$(OUT)/$(g)/$(g).c)
programs: $(foreach g,$(GRAPHS),$(OUT)/$(g)/$(g))
.PHONY: generated programs benches

include tests/tests.mk

all: programs suites e2e $(OUT)/demo/demo-trap

-include $(RUNTIME_OBJ:.o=.d) $(GRAPHC_OBJ:.o=.d)
