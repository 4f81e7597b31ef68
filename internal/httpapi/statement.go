package httpapi

import (
	"net/http"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// What is stated before a picture is sent, and how. A page asks for both; of other
// clients, whoever runs them sees to it that the person was asked.
const (
	personField, statedPerson = "statement", "13_or_older"
	pointsField, agreedPoints = "face_points", "agreed"
)

// statement reads what was stated, under the given version of the policy. What is not
// stated is false.
func (f *form) statement(version int) (photo.Statement, error) {
	said, points := f.value(personField), f.value(pointsField)
	if said != "" && said != statedPerson || points != "" && points != agreedPoints {
		return photo.Statement{}, problem(http.StatusUnprocessableEntity, "invalid_statement", "The statement is none that can be made: statement must be 13_or_older and face_points must be agreed, or be left out.")
	}
	s := photo.Statement{Person: said != "", FacePoints: points != ""}
	if s.Person || s.FacePoints {
		s.PolicyVersion = version
	}
	return s, nil
}

// anyStatement is enough from clients that are not ours.
func anyStatement(photo.Statement) error { return nil }

// wholeStatement is what a page must have before it may send a picture.
func wholeStatement(s photo.Statement) error {
	switch {
	case !s.Person:
		return problem(http.StatusUnprocessableEntity, "statement_missing", "Please tick the box that says that you are 13 or older and whom the picture shows; without it we must not take the picture. Choose the picture again, then send it.")
	case !s.FacePoints:
		return problem(http.StatusUnprocessableEntity, "face_points_missing", "Please tick the box about points of the face; without them no photo can be made. Choose the picture again, then send it.")
	}
	return nil
}
