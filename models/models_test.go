package models_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/models"
)

func TestTheEmbeddedNetworksAreTheOnesInSHA256SUMS(t *testing.T) {
	sums, err := os.ReadFile("SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	for name, network := range map[string][]byte{
		"face_landmark.onnx":       models.FaceLandmark,
		"selfie_segmentation.onnx": models.SelfieSegmentation,
	} {
		sum := sha256.Sum256(network)
		if line := hex.EncodeToString(sum[:]) + "  " + name + "\n"; !strings.Contains(string(sums), line) {
			t.Errorf("SHA256SUMS does not say %q", line)
		}
	}
}
