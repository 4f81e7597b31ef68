package photo

// Statement is what whoever uploads says beforehand: that they are 13 or older and the
// picture shows them, or a person they may act for; and that they agree to points of
// the face being located. Only these facts are kept, with the number of the privacy
// policy that held then, and only as long as the photo.
type Statement struct {
	Person, FacePoints bool
	PolicyVersion      int // 0 when neither was stated
}
