package check

// Name is a check's code: the same word in reports, metrics, tests and as the
// name of the file that holds the check.
type Name string

// The checks, in the order of a report.
const (
	SingleFacePresent      Name = "single_face_present"
	PhotoSize              Name = "photo_size"
	FileSize               Name = "file_size_window"
	HeadHeight             Name = "head_height"
	EyeLine                Name = "eye_line"
	HeadCentred            Name = "head_centred"
	SpaceAbove             Name = "space_above"
	HeadSize               Name = "head_size"
	LeftwardCrop           Name = "leftward_crop"
	RightwardCrop          Name = "rightward_crop"
	MarginAbove            Name = "margin_above"
	MarginBelow            Name = "margin_below"
	InterEyeDistance       Name = "inter_eye_distance"
	ResolutionGained       Name = "resolution_gained"
	HeadPoseYaw            Name = "head_pose_yaw"
	HeadPosePitch          Name = "head_pose_pitch"
	HeadPoseRoll           Name = "head_pose_roll"
	EyesOpen               Name = "eyes_open"
	Gaze                   Name = "gaze"
	RedEyes                Name = "red_eyes"
	MouthClosed            Name = "mouth_closed"
	ExpressionNeutrality   Name = "expression_neutrality"
	IlluminationUniformity Name = "illumination_uniformity"
	LuminanceMean          Name = "luminance_mean"
	LuminanceVariance      Name = "luminance_variance"
	UnderExposure          Name = "under_exposure_prevention"
	OverExposure           Name = "over_exposure_prevention"
	DynamicRange           Name = "dynamic_range"
	NaturalColour          Name = "natural_colour"
	Sharpness              Name = "sharpness"
	Noise                  Name = "noise"
	CompressionArtifacts   Name = "compression_artifacts"
	BackgroundColour       Name = "background_colour"
	BackgroundUniformity   Name = "background_uniformity"
	BackgroundShadow       Name = "background_shadow"
	DigitalAlteration      Name = "digital_alteration"
	GlassesPresent         Name = "glasses_present"
	HairOverEyes           Name = "hair_over_eyes"
	NoHeadCoverings        Name = "no_head_coverings"
	PhotoAge               Name = "photo_age"
)
