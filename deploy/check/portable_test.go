package check

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// beyond matches an instruction of AVX-512 as objdump writes it: a register that only
// those have, or a first byte that begins only those.
var beyond = regexp.MustCompile(`%zmm|%[xy]mm(1[6-9]|2[0-9]|3[01])\b|%k[0-7]\b|^\s*[0-9a-f]+:\t(67 )?62 `)

// symbol matches the head of a function in objdump's listing.
var symbol = regexp.MustCompile(`^[0-9a-f]+ <(.+)>:$`)

// wide lists the functions of a binary that have instructions of AVX-512, and how many
// functions there are.
func wide(t *testing.T, binary string) (names []string, functions int) {
	t.Helper()
	c := exec.Command("objdump", "--disassemble", "--demangle", "--wide", binary)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	s := bufio.NewScanner(out)
	s.Buffer(nil, 1<<20)
	name := ""
	for s.Scan() {
		line := s.Bytes()
		if m := symbol.FindSubmatch(line); m != nil {
			name = string(m[1])
			functions++
		} else if beyond.Match(line) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if err := c.Wait(); err != nil || s.Err() != nil {
		t.Fatalf("objdump: %v, %v", err, s.Err())
	}
	return names, functions
}

// asked are functions of Go's own library that ask the processor first: the garbage
// collector's (with their local parts), the one that saves registers, and a checksum's.
var asked = regexp.MustCompile(`^(internal/runtime/gc/scan\.(FilterNil|scanSpanPacked)AVX512\.abi0|expandAVX512_\d+|runtime\.asyncPreempt\.abi0|hash/crc32\.ieeeCLMUL\.abi0)$`)

func TestTheStudioRunsOnAnyProcessorOfTheBaseline(t *testing.T) {
	names, functions := wide(t, filepath.Join(root, "bin/studio"))
	// Go's and C++'s together; fewer, and the binary was stripped of their names.
	if functions < 5000 {
		t.Fatalf("only %d functions: is bin/studio stripped?", functions)
	}
	for _, name := range names {
		if asked.MatchString(name) {
			t.Logf("%s asks the processor first", name)
			continue
		}
		t.Errorf("%s has AVX-512 instructions: is CXX build/cxx?", name)
	}
	t.Logf("%d functions of the studio, %d of them with AVX-512", functions, len(names))
}

func TestTheStudioHasTheFaceLibrarysOwnCode(t *testing.T) {
	out, err := exec.Command("nm", "--demangle", "--defined-only", filepath.Join(root, "bin/studio")).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{" facerec_init", " FaceRec::", " dlib::"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("there is no%s in the binary, so nothing was seen of it", want)
		}
	}
}

// compiled is what a compiler makes of a loop that any vector unit likes.
func compiled(t *testing.T, environ []string, compiler string, flags ...string) string {
	t.Helper()
	dir := t.TempDir()
	object := filepath.Join(dir, "loop.o")
	c := exec.Command(compiler, append(flags, "-std=c++1z", "-O3", "-ffast-math", "-mprefer-vector-width=512", "-x", "c++", "-c", "-o", object, "-")...)
	c.Stdin = strings.NewReader("void scale(float *a, const float *b, int n) { for (int i = 0; i < n; i++) a[i] += b[i] * 2; }")
	c.Env = append(c.Environ(), environ...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", compiler, flags, err, out)
	}
	return object
}

func TestTheCompilerWrapperKeepsToTheBaseline(t *testing.T) {
	wrapper := filepath.Join(root, "build/cxx")
	// First that the search finds what it is for.
	if names, _ := wide(t, compiled(t, nil, "g++", "-march=x86-64-v4")); len(names) != 1 {
		t.Fatalf("AVX-512 is not found where it is: %v", names)
	}
	for _, native := range [][]string{nil, {"TARGET_MARCH=x86-64-v2"}} {
		if names, functions := wide(t, compiled(t, native, wrapper, "-march=native")); len(names) != 0 || functions != 1 {
			t.Errorf("%v: -march=native gets through build/cxx: %v", native, names)
		}
	}
	// A stand-in for the compiler tells what it was asked, on any processor.
	c := exec.Command(wrapper, "-O3", "-march=native", "-c", "a b.cc")
	c.Env = append(c.Environ(), "REAL_CXX=/usr/bin/printf", "TARGET_MARCH=x86-64-v3")
	c.Args = append([]string{wrapper, "<%s>"}, c.Args[1:]...)
	if out, err := c.Output(); err != nil || string(out) != "<-O3><-march=x86-64-v3><-c><a b.cc>" {
		t.Errorf("the compiler gets %s: %v", out, err)
	}
}

// No package but the face library asks for the builder's own processor, and it only
// in C++, which build/cxx compiles.
func TestOnlyTheFaceLibraryAsksForTheBuildersProcessor(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "-f", `{{.ImportPath}} C {{.CgoCFLAGS}} CPP {{.CgoCPPFLAGS}} CXX {{.CgoCXXFLAGS}}`, "./cmd/studio")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var native []string
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "-march") || strings.Contains(line, "-mavx") || strings.Contains(line, "-mcpu") || strings.Contains(line, "-mtune") {
			native = append(native, strings.TrimSpace(line))
		}
	}
	if len(native) != 1 || !strings.HasPrefix(native[0], "github.com/Kagami/go-face C [] CPP [] CXX [-std=c++1z -Wall -O3 -DNDEBUG -march=native") {
		t.Errorf("%q", native)
	}
}
