// Package models carries the two neural networks that are small enough to live
// in the binary. Where they come from and under which licence is in the NOTICE;
// tools/models/convert_tflite.py is the recipe that made them, and SHA256SUMS
// says what they, and the larger files that build/fetch-models fetches, must be.
package models

import _ "embed"

// FaceLandmark is MediaPipe's face landmark network in ONNX: input "image"
// 1x3x192x192 (RGB planes, 0..1); outputs "landmarks" 1x1404x1x1 (468 times x,
// y, z in input pixels) and "presence" 1x1x1x1, a logit. Not to be written to.
//
//go:embed face_landmark.onnx
var FaceLandmark []byte

// SelfieSegmentation is MediaPipe's selfie segmentation network in ONNX: input
// "image" 1x3x256x256 (RGB planes, 0..1); output "alpha" 1x1x256x256, how much
// each cell is person, 0..1. Not to be written to.
//
//go:embed selfie_segmentation.onnx
var SelfieSegmentation []byte
