# tests/tests.mk: how the test programs are linked; included by the Makefile.
# A file tests/FOLDER/test_X.c becomes OUT/tests/FOLDER/test_X, linked with
# what its folder needs (TEST_OBJ_FOLDER, TEST_LIBS_FOLDER).

TEST_FOLDERS := graph kernel runtime drivers
TEST_CFLAGS   = -DTEST_BUILD='"$(OUT)"' -DTEST_TOOLS='"$(TOOLS)"' \
	-DTEST_PROGRAM_LIBS='"$(PROGRAM_LIBS)"'

# The runtime and the drivers without main(): tests replace single functions by
# defining them (their objects win over the archive's).
$(OUT)/libtickline.a: $(filter-out %/main.o,$(RUNTIME_OBJ)) $(OUT)/obj/drivers/cuda/fatbin.o
	@rm -f $@
	$(call say,AR,$@)
	$(Q)ar rcs $@ $^

TEST_OBJ_graph    := $(addprefix $(OUT)/obj/tests/graph/,fixture.o command.o \
	random_graph.o) $(TOOLS)/libgraphc.a
-include $(patsubst %.o,%.d,$(filter %.o,$(TEST_OBJ_graph)))
suites: $(TOOLS)/graphc
TEST_LIBS_graph   := $(GRAPHC_LIBS)
TEST_OBJ_kernel   := $(OUT)/obj/tests/kernel/node_table.o
TEST_LIBS_kernel  := -lm
TEST_OBJ_runtime  := $(OUT)/libtickline.a
TEST_LIBS_runtime := $(PROGRAM_LIBS) -ljansson
TEST_OBJ_drivers  := $(OUT)/libtickline.a
TEST_LIBS_drivers := $(PROGRAM_LIBS)
# Tests whose program holds a fake in place of the real thing.
FAKE_DRM := $(OUT)/obj/tests/fakes/drm.o $(OUT)/obj/tests/fakes/drm_mode.o \
	$(OUT)/obj/tests/fakes/drm_memory.o $(OUT)/obj/tests/fakes/device_memory.o \
	$(OUT)/obj/tests/fakes/nvbuf.o $(OUT)/obj/tests/fakes/kms_rig.o
# A screen of EGL's on that device, with the driver's own thread.
FAKE_SCREEN = $(filter-out %/kms_rig.o,$(FAKE_DRM)) $(OUT)/obj/tests/fakes/egl/card.o
$(OUT)/tests/drivers/test_eglstream_screen: $(OUT)/tests/fakes/egl/libEGL.so.1
SIMULATED_DISPLAY := $(OUT)/obj/tests/fakes/simulated_display.o \
	$(OUT)/obj/tests/fakes/paced_run.o
SIMULATED_CAMERA := $(OUT)/obj/tests/fakes/simulated_camera.o \
	$(OUT)/obj/tests/fakes/simulated_display.o
FAKE_V4L2 := $(OUT)/obj/tests/fakes/v4l2.o $(OUT)/obj/tests/runtime/alloc_trap.o
-include $(SIMULATED_DISPLAY:.o=.d) $(SIMULATED_CAMERA:.o=.d) $(FAKE_DRM:.o=.d) \
	$(FAKE_V4L2:.o=.d)
# A graph's plans, with what the fake libcuda takes for its code.
CUDA_MIXED := $(OUT)/cuda-mixed/cuda-mixed.base.o $(OUT)/obj/tests/fakes/cuda/fatbin.o \
	$(OUT)/cuda-source/cuda-source.source.o
$(OUT)/cuda-source/cuda-source.source.o: $(OUT)/cuda-source/cuda-source.c $(OUT_FLAGS) | $(FONT_ATLAS)
	$(call say,CC,$@)
	$(Q)$(CC) $(COMPILE) -DGRAPH_SYMBOL=graph_source -iquote tests/graph/nodes -c -o $@ $<
# Independent implementations: X_reference.c is a program, the rest are shared.
REFERENCE_OBJ     := $(patsubst %.c,$(OUT)/obj/%.o,$(filter-out \
	%_reference.c,$(wildcard tests/reference/*.c)))
TEST_OBJ_e2e      := $(REFERENCE_OBJ) \
	$(patsubst %.c,$(OUT)/obj/%.o,$(wildcard tests/lib/*.c))
TEST_LIBS_e2e     := -ljansson -lpng -lxxhash -lm

# Every node type there is, as a table for tests/kernel.
TEST_NODES := tests/nodes $(NODE_LINKS)
$(OUT)/tests/kernel/make_node_table: $(OUT)/obj/tests/kernel/make_node_table.o $(TOOLS)/libgraphc.a
	@mkdir -p $(@D)
	$(CC) $(LINK) -o $@ $^ $(GRAPHC_LIBS)

TEST_BINDINGS := $(BINDINGS) $(call files,$(TEST_NODES:%=%/*.yaml))
$(eval $(call note,$(OUT)/tests/kernel/made-of,TEST_BINDINGS))

$(OUT)/tests/kernel/node_table.c: $(OUT)/tests/kernel/make_node_table $(OUT)/tests/kernel/made-of $(TEST_BINDINGS)
	$< $(TEST_NODES) > $@

$(OUT)/obj/tests/kernel/node_table.o: $(OUT)/tests/kernel/node_table.c $(OUT_FLAGS) | $(FONT_ATLAS)
	@mkdir -p $(@D)
	$(CC) $(filter-out -Werror,$(COMPILE)) -MMD -MP $(TEST_NODES:%=-I%) -c -o $@ $<
# The same table with a call before every access: tests/kernel/watch.h. With
# VARIANT=tsan those calls are the sanitizer's own.
ifneq ($(VARIANT),tsan)
NODE_WATCH := $(addprefix $(OUT)/obj/tests/kernel/,node_watched.o watch.o)
endif
$(OUT)/obj/tests/kernel/node_watched.o: $(OUT)/tests/kernel/node_table.c | $(FONT_ATLAS)
	@mkdir -p $(@D)
	$(CC) $(filter-out -fsanitize=%,$(COMPILE)) $(TEST_NODES:%=-I%) -O0 -fno-builtin \
		-fsanitize=thread -Dmemcpy=watch_memcpy -Dmemmove=watch_memmove \
		-Dmemset=watch_memset -Dnode_types=node_types_watched \
		-Dnode_type_count=node_types_watched_count -MMD -MP -c -o $@ $<
# And as programs have it for AVX2 (ISA_avx2 in Makefile).
$(OUT)/obj/tests/kernel/node_table_avx2.o: $(OUT)/tests/kernel/node_table.c $(OUT_FLAGS) | $(FONT_ATLAS)
	@mkdir -p $(@D)
	$(CC) $(filter-out -Werror,$(COMPILE)) $(AVX2) -MMD -MP $(TEST_NODES:%=-I%) -c -o $@ $<
-include $(OUT)/obj/tests/kernel/node_table.d $(OUT)/obj/tests/kernel/make_node_table.d \
	$(OUT)/obj/tests/kernel/node_watched.d $(OUT)/obj/tests/kernel/node_table_avx2.d

$(OUT)/obj/tests/%.o: OBJ_FLAGS += $(TEST_CFLAGS)
# Programs have a form with AVX2 (ISA_avx2 in Makefile); these are its tests.
AVX2 := $(if $(filter x86_64,$(BOARD_ARCH)),-mavx2)
$(foreach t,graph/test_format graph/test_chroma kernel/test_blend kernel/test_sample_nodes,\
	$(OUT)/obj/tests/$(t)_avx2.o): OBJ_FLAGS += $(AVX2)

define test_program
$(OUT)/tests/$(1)/$(2): $(OUT)/obj/tests/$(1)/$(2).o $(if \
	$(filter test_chroma%,$(2)),$(OUT)/obj/tests/reference/ycbcr.o) $(if \
	$(filter test_kms%,$(2)),$(FAKE_DRM)) $(if \
	$(filter test_eglstream_screen,$(2)),$(FAKE_SCREEN)) $(if \
	$(filter test_v4l2,$(2)),$(FAKE_V4L2)) $(if \
	$(filter test_show,$(2)),$(OUT)/obj/tests/runtime/alloc_trap.o) $(if \
	$(filter test_pll test_display_clock test_pacing,$(2)),$(SIMULATED_DISPLAY)) $(if \
	$(filter test_policies,$(2)),$(SIMULATED_CAMERA)) $(if \
	$(filter test_cuda_driver test_cuda_map,$(2)),$(CUDA_MIXED)) $(if \
	$(filter test_changed,$(2)),$(OUT)/params/params.base.o) $(if \
	$(filter test_cuts,$(2)),$(OUT)/cuts/cuts.base.o) $(if \
	$(filter test_frame_nodes,$(2)),$(NODE_WATCH)) $(if \
	$(filter test_sample_nodes_avx2,$(2)),$(TEST_OBJ_$(1):%.o=%_avx2.o),$(TEST_OBJ_$(1)))
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LINK) -o $$@ $$^ $$(call pkg,--libs,check) $$(TEST_LIBS_$(1))
$(if $(filter e2e,$(1)),e2e,suites): $(OUT)/tests/$(1)/$(2)
-include $(OUT)/obj/tests/$(1)/$(2).d
endef
$(foreach f,$(TEST_FOLDERS) e2e,$(foreach t,$(basename $(notdir $(wildcard \
	tests/$(f)/test_*.c))),$(eval $(call test_program,$(f),$(t)))))

# Months in simulated time: make soak; a run of the suite has a day's worth.
$(OUT)/tests/runtime/soak: $(OUT)/obj/tests/runtime/soak.o $(OUT)/libtickline.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ $(PROGRAM_LIBS)
suites: $(OUT)/tests/runtime/soak
-include $(OUT)/obj/tests/runtime/soak.d

$(OUT)/tests/reference/%: $(OUT)/obj/tests/reference/%.o $(REFERENCE_OBJ)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ -lm
REFERENCES := $(patsubst tests/reference/%.c,$(OUT)/tests/reference/%,\
	$(wildcard tests/reference/*_reference.c))
# tests/lib/graphs.c builds programs out of these.
e2e: $(REFERENCES) $(TOOLS)/graphc $(OUT)/libtickline.a \
	$(OUT)/obj/runtime/main.o $(OUT)/obj/tests/runtime/alloc_trap.o

# A graph with parameters, for tests/graph/test_changed.c.
$(eval $(call graph_rules,params,tests/graph/golden/params.yaml,tests/graph/nodes))

# And one with two cameras, for tests/runtime/test_cuts.c.
$(eval $(call graph_rules,cuts,tests/runtime/cuts.yaml))

# Benchmarks: bench_frame is linked with one graph's objects at a time.
BENCH_CHAINS := 1 10 100
BENCH_GRAPHS := demo-480p demo demo-2160p $(BENCH_CHAINS:%=chain-%)
BENCHES := $(BENCH_GRAPHS:%=$(OUT)/bench/frame-%)

# chain-N: N markers nodes in a row on the smallest frame.
$(OUT)/bench/chain-%.yaml: tests/tests.mk
	@mkdir -p $(@D)
	{ echo "graph: chain-$*"; echo "size: 16x16"; echo "rate: 60"; \
	  echo "format: XRGB8888"; echo "nodes:"; \
	  echo "  source: {type: solid}"; echo "  sink: {type: null}"; \
	  seq -f '  n%g: {type: markers}' $*; echo "links:"; \
	  echo "  - source -> $$(seq -s ' -> ' -f n%g $*) -> sink"; } > $@

$(foreach n,$(BENCH_CHAINS),$(eval $(call graph_rules,chain-$(n),\
	$(OUT)/bench/chain-$(n).yaml)))

# blur, at 1920x1080: what several threads are for.
$(OUT)/bench/blur-1080p.yaml: graph/blur.yaml
	@mkdir -p $(@D)
	sed 's/^graph: .*/graph: blur-1080p/; s/^size: .*/size: 1920x1080/' $< > $@

$(eval $(call graph_rules,blur-1080p,$(OUT)/bench/blur-1080p.yaml))
benches: $(OUT)/blur-1080p/blur-1080p

# demo-480p a thousand times a second: what a trace costs.
$(OUT)/bench/demo-1khz.yaml: graph/demo-480p.yaml
	@mkdir -p $(@D)
	sed 's/^graph: .*/graph: demo-1khz/; s/^rate: .*/rate: 1000/' $< > $@

$(eval $(call graph_rules,demo-1khz,$(OUT)/bench/demo-1khz.yaml))
benches: $(OUT)/demo-1khz/demo-1khz

define bench_program
$(OUT)/bench/frame-$(1): $(OUT)/obj/tests/bench/bench_frame.o $(foreach i,$(ISAS),$(OUT)/$(1)/$(1).$(i).o) $(OUT)/libtickline.a
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LINK) -o $$@ $$^ $$(PROGRAM_LIBS)
endef
$(foreach g,$(BENCH_GRAPHS),$(eval $(call bench_program,$(g))))
benches: $(BENCHES)
-include $(OUT)/obj/tests/bench/bench_frame.d $(OUT)/obj/tests/bench/bench_source.d

# bench_source likewise, with graphs that have sources.
BENCH_SOURCES := nv12 scale pip
BENCH_PARTS_pip := $(foreach i,$(ISAS),$(OUT)/bench/pip-first.$(i).o $(OUT)/bench/pip-second.$(i).o)
define bench_part
$(call graph_rules,bench-pip-$(1),tests/bench/bench-pip-$(1).yaml)
$(foreach i,$(ISAS),$(OUT)/bench/pip-$(1).$(i).o): $(OUT)/bench/pip-$(1).%.o: $(OUT)/bench-pip-$(1)/bench-pip-$(1).c $(OUT_FLAGS) | $(FONT_ATLAS)
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$(Q)$(CC) $$(COMPILE) -MMD -MP $$(ISA_$$*) -DGRAPH_SYMBOL=graph_$(1)_$$* -c -o $$@ $$<
-include $(foreach i,$(ISAS),$(OUT)/bench/pip-$(1).$(i).d)
endef
$(foreach p,first second,$(eval $(call bench_part,$(p))))
define bench_source
$(call graph_rules,bench-$(1),tests/bench/bench-$(1).yaml)
$(OUT)/bench/source-$(1): $(OUT)/obj/tests/bench/bench_source.o $(foreach i,$(ISAS),$(OUT)/bench-$(1)/bench-$(1).$(i).o) $(BENCH_PARTS_$(1)) $(OUT)/libtickline.a
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LINK) -o $$@ $$^ $$(PROGRAM_LIBS) -ldl
benches: $(OUT)/bench/source-$(1)
endef
$(foreach g,$(BENCH_SOURCES),$(eval $(call bench_source,$(g))))

# What make bench-peers sets beside other programs.
$(eval $(call graph_rules,bench-studio,tests/bench/bench-studio.yaml))

# A libcuda.so.1 without a GPU: LD_LIBRARY_PATH=OUT/tests/fakes/cuda finds it;
# and one that is too old to have cuGetProcAddress.
FAKE_CUDA := $(OUT)/tests/fakes/cuda/libcuda.so.1
FAKE_CUDA_OLD := $(OUT)/tests/fakes/cuda-old/libcuda.so.1
FAKE_CUDA_OBJ := $(patsubst %.c,$(OUT)/obj/%.o,$(wildcard tests/fakes/cuda/*.c))
$(FAKE_CUDA_OBJ): OBJ_FLAGS += -fPIC -fvisibility=hidden
-include $(FAKE_CUDA_OBJ:.o=.d)

$(FAKE_CUDA): $(FAKE_CUDA_OBJ)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK) -shared -Wl,-soname,$(@F),-z,nodelete -o $@ $^

# A libEGL.so.1 whose streams the fake libcuda knows; Mesa's kind, without any.
FAKE_EGL := $(OUT)/tests/fakes/egl/libEGL.so.1
FAKE_EGL_OTHER := $(OUT)/tests/fakes/egl-other/libEGL.so.1
FAKE_EGL_OBJ := $(patsubst %.c,$(OUT)/obj/%.o,$(wildcard tests/fakes/egl/*.c))
$(FAKE_EGL_OBJ): OBJ_FLAGS += -fPIC -fvisibility=hidden
-include $(FAKE_EGL_OBJ:.o=.d)
# Its screens are a real card's, or the fake device's of a test's program.
FAKE_EGL_CARD := $(OUT)/obj/tests/fakes/egl/kms/node.o $(OUT)/obj/tests/fakes/egl/kms/commit.o
$(FAKE_EGL_CARD): $(OUT)/obj/tests/fakes/egl/kms/%.o: drivers/display/kms/%.c $(OUT_FLAGS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(COMPILE) -fPIC -fvisibility=hidden -MMD -MP -c -o $@ $<
-include $(FAKE_EGL_CARD:.o=.d)

$(FAKE_EGL): $(FAKE_EGL_OBJ) $(FAKE_EGL_CARD)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK) -shared -Wl,-soname,$(@F),-z,nodelete -o $@ $^ $(call pkg,--libs,libdrm)

$(FAKE_EGL_OTHER): tests/tests.mk
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)echo 'int nothing;' | $(CC) -shared -fPIC -Wl,-soname,$(@F) -o $@ -xc -

e2e: $(FAKE_EGL) $(FAKE_EGL_OTHER)

$(FAKE_CUDA_OLD): tests/tests.mk
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)echo 'int cuInit(unsigned int f) { return (int)f; }' | \
		$(CC) -shared -fPIC -Wl,-soname,$(@F) -o $@ -xc -

# Others that cannot be used: an empty file, one that needs a library that is
# gone, the toolkit's stub, something else under that name.
comma := ,
FAKE_CUDA_BAD := $(foreach k,empty needs stub other,$(OUT)/tests/fakes/cuda-$(k)/libcuda.so.1)
BAD_needs := int cuInit(unsigned int f) { return (int)f; }
BAD_stub  := int cuGetProcAddress(const char *s, void **e, int v, unsigned long f) \
	{ (void)s; (void)v; (void)f; *e = 0; return 34; }
BAD_other := int nothing;

$(filter-out %-empty/libcuda.so.1,$(FAKE_CUDA_BAD)): $(OUT)/tests/fakes/cuda-%/libcuda.so.1: tests/tests.mk
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)echo 'int gone;' | $(CC) -shared -fPIC -Wl,-soname,libgone.so -o $(@D)/libgone.so -xc -
	$(Q)echo '$(BAD_$*)' | $(CC) -shared -fPIC -Wl,-soname,$(@F) -o $@ \
		$(if $(filter needs,$*),-Wl$(comma)--no-as-needed $(@D)/libgone.so) -xc -
	@rm $(@D)/libgone.so

$(OUT)/tests/fakes/cuda-empty/libcuda.so.1:
	@mkdir -p $(@D)
	@: >$@

suites: $(FAKE_CUDA_BAD)
suites: $(FAKE_CUDA) $(FAKE_CUDA_OLD) $(addprefix $(OUT)/tests/cuda/,cuda-mixed.kernels.so cuda-source.kernels.so)

$(OUT)/tests/fakes/cuda/%.so: tests/fakes/cuda/%.cu $(wildcard tests/fakes/cuda/*.h) tests/fakes/cuda/host_kernels.sh
	@mkdir -p $(@D)
	$(call say,C++,$@)
	$(Q)tests/fakes/cuda/host_kernels.sh $< $@
suites: $(OUT)/tests/fakes/cuda/sample.so

# ---- on a GPU: tests/gpu -----------------------------------------------------
# A graph as a module, for tests/gpu/rig.h: OUT/gpu/NAME/{graph.so,graph.cubin},
# and its kernels on the host for the fake (kernels.so).
GPU_ARCH ?= sm_90
# as they are, and with one kernel a node
GPU_GRAPHS := demo-480p demo demo-2160p demo-apart fit-1080p camera-1080p studio
GPU_BENCHES := gpu_fused gpu_tick gpu_ladder gpu_live

$(OUT)/gpu/%/graph.c: graph/%.yaml $(TOOLS)/graphc $(BINDINGS) $(BOARD_DIR)/board.yaml
	@mkdir -p $(@D)
	$(call say,GRAPHC,$@)
	$(Q)$(TOOLS)/graphc -b $(BOARD_DIR)/board.yaml -o $(@D) $<
	$(Q)mv $(@D)/$*.c $@ && mv $(@D)/$*.cu $(@D)/graph.cu

$(OUT)/gpu/demo-apart/graph.c: graph/demo.yaml $(TOOLS)/graphc $(BINDINGS) $(BOARD_DIR)/board.yaml
	@mkdir -p $(@D)
	$(call say,GRAPHC,$@)
	$(Q)$(TOOLS)/graphc --no-fuse -b $(BOARD_DIR)/board.yaml -o $(@D) $<
	$(Q)mv $(@D)/demo.c $@ && mv $(@D)/demo.cu $(@D)/graph.cu

$(OUT)/gpu/%/graph.c: tests/gpu/graphs/%.yaml $(TOOLS)/graphc $(BINDINGS) $(BOARD_DIR)/board.yaml
	@mkdir -p $(@D)
	$(call say,GRAPHC,$@)
	$(Q)$(TOOLS)/graphc -b $(BOARD_DIR)/board.yaml -o $(@D) $<
	$(Q)mv $(@D)/$*.c $@ && mv $(@D)/$*.cu $(@D)/graph.cu

$(OUT)/gpu/convert.cubin: tests/bench/convert.cu $(wildcard graph/kernel.cuh kernel/*.h)
	@mkdir -p $(@D)
	$(call say,NVCC,$@)
	$(Q)$(NVCC) -cubin -arch=$(GPU_ARCH) -I. -I$(B)/generated -o $@ $<

$(OUT)/gpu/%/graph.so: $(OUT)/gpu/%/graph.c $(OUT_FLAGS) $(wildcard graph/*.h kernel/*.h) | $(FONT_ATLAS)
	$(call say,CC,$@)
	$(Q)$(CC) $(COMPILE) -fPIC -shared -DGRAPH_SYMBOL=graph_module -o $@ $< -lm

$(OUT)/gpu/%/graph.cubin: $(OUT)/gpu/%/graph.c | $(FONT_ATLAS)
	$(call say,NVCC,$@)
	$(Q)$(NVCC) -cubin -arch=$(GPU_ARCH) -I. -I$(B)/generated -o $@ $(@D)/graph.cu

$(OUT)/gpu/%/kernels.so: $(OUT)/gpu/%/graph.c tests/fakes/cuda/host_grid.h tests/fakes/cuda/host_kernels.sh | $(FONT_ATLAS)
	$(call say,C++,$@)
	$(Q)tests/fakes/cuda/host_kernels.sh $(@D)/graph.cu $@

RIG_OBJ := $(OUT)/obj/tests/gpu/rig.o $(OUT)/obj/tests/gpu/rig_graph.o \
	$(OUT)/obj/tests/bench/gpu_single.o
$(GPU_BENCHES:%=$(OUT)/gpu/%): $(OUT)/gpu/%: $(OUT)/obj/tests/bench/%.o $(RIG_OBJ) $(OUT)/libtickline.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ -ldl -lm
-include $(RIG_OBJ:.o=.d) $(GPU_BENCHES:%=$(OUT)/obj/tests/bench/%.d)

gpu-modules: $(OUT)/gpu/convert.cubin $(foreach g,$(GPU_GRAPHS),$(addprefix $(OUT)/gpu/$(g)/,graph.so graph.cubin))
gpu-benches: gpu-modules gpu-tools
gpu-tools: $(GPU_BENCHES:%=$(OUT)/gpu/%) $(OUT)/gpu/print_random_graph
# What tests/gpu/fake.test.sh runs, without nvcc.
gpu-fakes: gpu-tools $(foreach g,demo-480p demo demo-apart,$(addprefix $(OUT)/gpu/$(g)/,graph.so kernels.so))
e2e: gpu-fakes
.PHONY: gpu-modules gpu-benches gpu-tools gpu-fakes

$(OUT)/gpu/print_random_graph: $(OUT)/obj/tests/graph/print_random_graph.o $(OUT)/obj/tests/graph/random_graph.o $(TOOLS)/libgraphc.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ $(GRAPHC_LIBS)

$(OUT)/obj/tests/gpu/fatbin_buffer.o: tests/gpu/fatbin_buffer.S
	@mkdir -p $(@D)
	$(call say,AS,$@)
	$(Q)$(CC) -c -o $@ $<

# The buffer's kernels win over the archive's, which has none.
$(OUT)/gpu/gpu_random: $(OUT)/obj/tests/gpu/gpu_random.o $(OUT)/obj/tests/gpu/fatbin_buffer.o $(OUT)/libtickline.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ -ldl -lm
-include $(OUT)/obj/tests/gpu/gpu_random.d
$(OUT)/gpu/gpu_buffers: $(OUT)/obj/tests/gpu/gpu_buffers.o $(OUT)/obj/tests/gpu/fatbin_buffer.o $(OUT)/libtickline.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ -ldl -lm
-include $(OUT)/obj/tests/gpu/gpu_buffers.d
$(OUT)/gpu/gpu_watch: $(OUT)/obj/tests/gpu/gpu_watch.o $(RIG_OBJ) $(OUT)/libtickline.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ -ldl -lm
-include $(OUT)/obj/tests/gpu/gpu_watch.d
$(OUT)/gpu/gpu_gles: $(OUT)/obj/tests/gpu/gpu_gles.o $(RIG_OBJ) $(OUT)/libtickline.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ -ldl -lm
-include $(OUT)/obj/tests/gpu/gpu_gles.d
gpu-tools: $(addprefix $(OUT)/gpu/gpu_,random buffers watch gles)

# A graph whose GPU code fails when told, and the demo with code for a GPU that
# no machine of today's tests has.
$(eval $(call graph_rules,cpu-middle,tests/gpu/graphs/cpu-middle.yaml,tests/gpu/graphs))
$(eval $(call graph_rules,live,tests/gpu/graphs/live.yaml,tests/gpu/graphs))
$(eval $(call graph_rules,gpu-fault,tests/gpu/gpu-fault.yaml,tests/gpu/nodes))
$(OUT)/gpu/demo-other.fatbin: $(OUT)/demo-480p/demo-480p.cu | $(FONT_ATLAS)
	@mkdir -p $(@D)
	$(call say,NVCC,$@)
	$(Q)$(NVCC) -std=c++14 -O3 -I. -I$(B)/generated -fatbin -gencode arch=compute_75,code=sm_75 -o $@ $<

$(OUT)/gpu/demo-other.o: drivers/cuda/fatbin.S $(OUT)/gpu/demo-other.fatbin
	$(call say,AS,$@)
	$(Q)$(CC) -DFATBIN='"$(OUT)/gpu/demo-other.fatbin"' -DARCHITECTURES='"sm_75"' -c -o $@ $<

$(OUT)/gpu/demo-other: $(RUNTIME_OBJ) $(OUT)/gpu/demo-other.o $(foreach isa,$(ISAS),$(OUT)/demo-480p/demo-480p.$(isa).o)
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ $(PROGRAM_LIBS)
gpu-benches: $(OUT)/gpu/demo-other $(OUT)/gpu-fault/gpu-fault $(OUT)/cpu-middle/cpu-middle $(OUT)/live/live

# ---- programs for the fake libcuda ---------------------------------------------
# OUT/tests/cuda/NAME, with what the fake takes for code, and NAME.kernels.so
# beside it: FAKE_CUDA_KERNELS=%e.kernels.so.
CUDA_GRAPHS := $(basename $(notdir $(wildcard tests/fakes/cuda/graphs/*.yaml)))
$(foreach g,$(CUDA_GRAPHS),$(eval $(call graph_rules,$(g),\
	tests/fakes/cuda/graphs/$(g).yaml,tests/graph/nodes)))
CUDA_PROGRAMS := $(CUDA_GRAPHS) demo-480p

$(OUT)/obj/tests/fakes/cuda/fatbin.o: tests/fakes/cuda/fatbin.S
	@mkdir -p $(@D)
	$(call say,AS,$@)
	$(Q)$(CC) -c -o $@ $<

define cuda_program
$(OUT)/tests/cuda/$(1): $(RUNTIME_OBJ) $(OUT)/obj/tests/fakes/cuda/fatbin.o $(foreach i,$(ISAS),$(OUT)/$(1)/$(1).$(i).o)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$(Q)$(CC) $(LINK) -o $$@ $$^ $(PROGRAM_LIBS)

$(OUT)/tests/cuda/$(1)-trap: $(RUNTIME_OBJ) $(OUT)/obj/tests/runtime/alloc_trap.o $(OUT)/obj/tests/fakes/cuda/fatbin.o $(foreach i,$(ISAS),$(OUT)/$(1)/$(1).$(i).o)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$(Q)$(CC) $(LINK) -o $$@ $$^ $(PROGRAM_LIBS)

$(OUT)/tests/cuda/$(1).kernels.so: $(OUT)/$(1)/$(1).cu $(wildcard tests/fakes/cuda/*.h graph/*.h graph/*.cuh kernel/*) tests/fakes/cuda/host_kernels.sh | $(FONT_ATLAS)
	@mkdir -p $$(@D)
	$$(call say,C++,$$@)
	$(Q)tests/fakes/cuda/host_kernels.sh $$< $$@ -iquote tests/graph/nodes
e2e: $(OUT)/tests/cuda/$(1) $(OUT)/tests/cuda/$(1).kernels.so
endef
$(foreach g,$(CUDA_PROGRAMS),$(eval $(call cuda_program,$(g))))
e2e: $(OUT)/tests/cuda/cuda-small-trap $(FAKE_CUDA) $(FAKE_CUDA_OLD) $(FAKE_CUDA_BAD)

# ---- drivers of tests' own: tests/own ------------------------------------------
OWN_OBJ := $(patsubst %.c,$(OUT)/obj/%.o,$(wildcard tests/own/*.c tests/own/*/*.c))
-include $(OWN_OBJ:.o=.d)
$(OUT)/tests/cuda/own: $(RUNTIME_OBJ) $(OWN_OBJ) $(OUT)/obj/tests/fakes/cuda/fatbin.o $(foreach i,$(ISAS),$(OUT)/demo-480p/demo-480p.$(i).o)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LINK) -o $@ $^ $(PROGRAM_LIBS)
$(OUT)/tests/cuda/own.kernels.so: $(OUT)/tests/cuda/demo-480p.kernels.so
	$(Q)ln -sf $(<F) $@
e2e: $(OWN_OBJ) $(OUT)/tests/cuda/own $(OUT)/tests/cuda/own.kernels.so

# ---- graphs of the VM lab's own: tests/vm/graphs ---------------------------------
VM_GRAPHS := $(basename $(notdir $(wildcard tests/vm/graphs/*.yaml)))
$(foreach g,$(VM_GRAPHS),$(eval $(call graph_rules,$(g),tests/vm/graphs/$(g).yaml)))
# ... and a program for the fake libcuda, with that.
vm-programs: $(foreach g,$(VM_GRAPHS),$(OUT)/$(g)/$(g)) $(FAKE_CUDA) $(FAKE_EGL) \
	$(addprefix $(OUT)/tests/cuda/,demo-480p demo-480p.kernels.so)
e2e: vm-programs
.PHONY: vm-programs
