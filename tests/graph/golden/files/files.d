tests/graph/golden/files/files.h tests/graph/golden/files/files.c tests/graph/golden/files/files.cu tests/graph/golden/files/files.txt tests/graph/golden/files/files.dot : \
	tests/graph/golden/../files/dot.png \
	tests/graph/golden/../files/sample.png \
	tests/graph/golden/../files/sample.grid
tests/graph/golden/../files/dot.png: $(if $(wildcard tests/graph/golden/../files/dot.png),,force)
tests/graph/golden/../files/sample.png: $(if $(wildcard tests/graph/golden/../files/sample.png),,force)
tests/graph/golden/../files/sample.grid: $(if $(wildcard tests/graph/golden/../files/sample.grid),,force)
