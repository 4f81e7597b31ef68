package photo

// Reason says in one stable word why a photo was rejected or failed. The words
// are part of the API; Advice is the sentence for the person. A Reason is an
// error too: whatever finds it returns it, and it ends the work on the picture.
type Reason string

// Why no photo can be made, and the ways in which we break.
const (
	NoFace        Reason = "no_face"
	SeveralFaces  Reason = "several_faces"
	FaceTooSmall  Reason = "face_too_small"
	FaceCutOff    Reason = "face_cut_off"
	Unreadable    Reason = "unreadable_picture"
	TooManyPixels Reason = "too_many_pixels"
	Animated      Reason = "animated_picture"

	Broken     Reason = "processing_failed" // five attempts, none finished
	KillsChild Reason = "picture_not_processable"
	Lost       Reason = "picture_lost" // a blob or the key is gone
)

// Error returns the word itself.
func (r Reason) Error() string { return string(r) }

// Advice is what to do next, in plain words; empty for an unknown reason.
func (r Reason) Advice() string {
	return map[Reason]string{
		NoFace:        "We found no face in this picture. Use a picture that shows one person from the front, with the whole head in it.",
		SeveralFaces:  "There is more than one person in this picture. Use a picture that shows only the person the document is for.",
		FaceTooSmall:  "The face is too small in this picture to make a sharp photo. Go closer to the camera, or use the camera's full resolution.",
		FaceCutOff:    "The head is cut off at the edge of this picture. Step back so that the whole head and some space around it are in the picture.",
		Unreadable:    "This file is damaged or incomplete. Save or send the picture again, or take another one.",
		TooManyPixels: "This picture has more than 50 megapixels. Save a smaller copy of it and send that one.",
		Animated:      "This file holds a moving picture. Send a still picture.",
		Broken:        "Something went wrong on our side, and your picture was not the cause. Please send it again.",
		Lost:          "We have lost this picture, and the fault is ours. Please send it again.",
		KillsChild:    "This file could not be processed safely. Open the picture, save it as a new JPEG, and send that one.",
	}[r]
}
