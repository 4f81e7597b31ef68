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

	"github.com/passportphotogenie/passportphotogenie/internal/dlib"
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
	networks, err := onnx.Open(filepath.Join(models, onnxRuntime), onnx.BuiltIn())
	if err != nil {
		return nil, err
	}
	return &pipeline.Line{
		Pictures: pictures, Encoder: pictures, Detector: detector, Networks: networks, Now: time.Now,
	}, nil
}
