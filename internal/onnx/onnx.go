// Package onnx runs two neural networks on ONNX Runtime: dense face landmarks,
// and the soft matte of a person. The binary carries both; in place of the second
// an operator may give another. It knows their shapes and names and the scale of
// their numbers, and nothing of what these mean to a photo.
//
// A process takes one picture at a time on one core, so the networks share
// nothing with other threads, wait for nothing, and keep their tensors.
package onnx

import (
	"errors"
	"fmt"
	"os"

	ort "github.com/yalue/onnxruntime_go"

	"github.com/passportphotogenie/passportphotogenie/models"
)

// What goes in and comes out, as numbers of float32.
const (
	landmarkSide   = 192
	landmarkValues = 3 * 468
)

// Networks are ready to run. They are not safe for concurrent use, and the
// slices they return are overwritten by the next call.
type Networks struct {
	landmarks *network
	matte     *matteNetwork
}

// Open loads ONNX Runtime from its shared library and both networks into it. A
// process can have it open once at a time.
func Open(libraryPath string, model MatteModel) (n *Networks, err error) {
	if _, err := os.Stat(libraryPath); err != nil {
		return nil, fmt.Errorf("the networks need ONNX Runtime (`make deps` fetches it): %w", err)
	}
	ort.SetSharedLibraryPath(libraryPath)
	if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
		return nil, fmt.Errorf("start ONNX Runtime: %w", err)
	}
	n = &Networks{}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.Close())
			n = nil
		}
	}()
	n.landmarks, err = load(models.FaceLandmark, tensor{"image", ort.NewShape(1, 3, landmarkSide, landmarkSide)},
		tensor{"landmarks", ort.NewShape(1, landmarkValues, 1, 1)}, tensor{"presence", ort.NewShape(1, 1, 1, 1)})
	if err != nil {
		return n, fmt.Errorf("load the landmark network: %w", err)
	}
	if n.matte, err = loadMatte(model); err != nil {
		return n, fmt.Errorf("load %s: %w", model.Name, err)
	}
	return n, nil
}

// Landmarks takes the red, green and blue planes (0..1) of a square view of 192
// pixels. It returns 468 times x, y, z in pixels of the view, and how sure the
// network is that this is a face: a logit, above 0 it is.
func (n *Networks) Landmarks(planes []float32) (points []float32, presence float32, err error) {
	outputs, err := n.landmarks.run(planes)
	if err != nil {
		return nil, 0, fmt.Errorf("landmark network: %w", err)
	}
	return outputs[0], outputs[1][0], nil
}

// MatteSide is the side in pixels of the square views that Matte takes.
func (n *Networks) MatteSide() int { return n.matte.side }

// Matte takes the red, green and blue planes (0..1) of a square view of MatteSide
// pixels a side. It returns for each pixel how much of it is person, 0..1.
func (n *Networks) Matte(planes []float32) ([]float32, error) {
	alpha, err := n.matte.ask(planes)
	if err != nil {
		return nil, fmt.Errorf("segmentation network: %w", err)
	}
	return alpha, nil
}

// Close frees the networks and ONNX Runtime. Nothing may be used after it.
func (n *Networks) Close() error {
	return errors.Join(n.landmarks.close(), n.matte.close(), ort.DestroyEnvironment())
}
