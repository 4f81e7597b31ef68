package check

import "strings"

// Title is the check's name in plain words, short enough for a table.
func (n Name) Title() string {
	if t, ok := titles[n]; ok {
		return t
	}
	// A report of another version of ours may know checks that this one does not.
	words := strings.ReplaceAll(string(n), "_", " ")
	return strings.ToUpper(words[:min(1, len(words))]) + words[min(1, len(words)):]
}

var titles = map[Name]string{
	SingleFacePresent:      "One face only",
	PhotoSize:              "Height in pixels",
	FileSize:               "Size of the file",
	HeadHeight:             "Head height, chin to crown",
	EyeLine:                "Eyes above the bottom edge",
	HeadCentred:            "Head beside the middle",
	SpaceAbove:             "Space above the head",
	HeadSize:               "Face in the photo's height",
	LeftwardCrop:           "Space on the photo's right",
	RightwardCrop:          "Space on the photo's left",
	MarginAbove:            "Space above the eyes",
	MarginBelow:            "Space below the eyes",
	InterEyeDistance:       "Distance between the eyes",
	ResolutionGained:       "Enlarged from the original",
	HeadPoseYaw:            "Head turned aside",
	HeadPosePitch:          "Chin raised or lowered",
	HeadPoseRoll:           "Head tilted in the original",
	EyesOpen:               "Eyes open",
	Gaze:                   "Look beside the camera",
	RedEyes:                "Red in the eyes",
	MouthClosed:            "Opening of the mouth",
	ExpressionNeutrality:   "Calm expression",
	IlluminationUniformity: "Even light on the face",
	LuminanceMean:          "Brightness of the face",
	LuminanceVariance:      "Contrast of the face",
	UnderExposure:          "Face too dark",
	OverExposure:           "Face too bright",
	DynamicRange:           "Range of tones",
	NaturalColour:          "Distance from skin colours",
	Sharpness:              "Sharpness",
	Noise:                  "Grain",
	CompressionArtifacts:   "Blocks from saving as JPEG",
	BackgroundColour:       "Colour of the background",
	BackgroundUniformity:   "Unevenness of the background",
	BackgroundShadow:       "Shadow on the background",
	DigitalAlteration:      "Changes by a program",
	GlassesPresent:         "Glasses",
	HairOverEyes:           "Hair over the eyes",
	NoHeadCoverings:        "Head covering",
	PhotoAge:               "Age of the picture",
}
