// Package pipeline turns an uploaded picture into a document photo. It is an
// ordered list of steps, one file each: decode, detect, landmarks, matte, plan,
// render, encode, check. A step that finds that no photo can be made from the
// picture ends the list with a reason for the person; an error means that we
// broke.
//
// The pipeline runs in a studio process. It knows the image library, the
// detector and the networks only by the small interfaces declared here.
package pipeline
