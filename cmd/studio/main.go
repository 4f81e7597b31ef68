// Command studio is the child process in which a worker has one picture at a
// time developed. The worker starts it, on two pipes; there is nothing in it for
// a person to use. It is a binary of its own so that no C library is loaded, let
// alone initialised, in the process that holds keys and credentials.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"github.com/passportphotogenie/passportphotogenie/internal/dlib"
	"github.com/passportphotogenie/passportphotogenie/internal/matte"
	"github.com/passportphotogenie/passportphotogenie/internal/onnx"
	"github.com/passportphotogenie/passportphotogenie/internal/pipeline"
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/vips"
)

// onnxRuntime is the shared library's file in the models' directory.
const onnxRuntime = "libonnxruntime.so.1.32.0"

func main() {
	if os.Getenv(studio.ModelsVariable) == "" {
		fmt.Fprintln(os.Stderr, "studio is started by bin/worker, not by hand")
		os.Exit(2)
	}
	in, out := studio.Pipes()
	fmt.Fprintln(os.Stderr, studio.Serve(in, out, line)) // ends only in trouble
	os.Exit(1)
}

// line loads everything that makes photos: libraries, detector, networks.
func line() (studio.Developer, error) {
	models := os.Getenv(studio.ModelsVariable)
	pictures, err := vips.Start()
	if err != nil {
		return nil, err
	}
	detector, err := dlib.Open(models)
	if err != nil {
		return nil, err
	}
	model, err := matteModel()
	if err != nil {
		return nil, err
	}
	networks, err := onnx.Open(filepath.Join(models, onnxRuntime), model)
	if err != nil {
		return nil, err
	}
	return &equipped{pictures, &pipeline.Line{
		Pictures: pictures, Encoder: pictures, Detector: detector, Networks: networks, Now: time.Now,
	}}, nil
}

// equipped is the line and what tells of its memory.
type equipped struct {
	*vips.Library
	*pipeline.Line
}

// matteModel is the segmentation network that the operator chose.
func matteModel() (onnx.MatteModel, error) {
	path := os.Getenv(studio.MatteModelVariable)
	if path == "" {
		return onnx.BuiltIn(), nil
	}
	scale, err := matte.ScaleNamed(os.Getenv(studio.MatteScaleVariable))
	if err != nil {
		return onnx.MatteModel{}, fmt.Errorf("%s: %w", studio.MatteScaleVariable, err)
	}
	file, err := mapped(path)
	if err != nil {
		return onnx.MatteModel{}, fmt.Errorf("%s: %w", studio.MatteModelVariable, err)
	}
	return onnx.MatteModel{Name: studio.MatteModelVariable + " (" + path + ")", File: file, Scale: scale}, nil
}

// mapped is a file's content without a copy of it, which would count towards the
// studio's memory for as long as it lives. The worker has seen that there is one.
func mapped(path string) ([]byte, error) {
	f, err := os.Open(path) // #nosec G304 G703 -- the operator's choice
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
}
