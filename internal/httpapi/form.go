package httpapi

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/intake"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// form reads an upload's multipart body part by part, in whatever order the
// fields come, and never holds the picture.
type form struct {
	parts  *multipart.Reader
	fields map[string]*string // what is expected; nil until it has come
	lane   photo.Lane         // in which the photo will wait
}

// fieldBytes is the longest value of a text field; ours are short words.
const fieldBytes = 200

// emptyForm expects the fields of an upload; nothing of it has come.
func emptyForm() *form {
	return &form{fields: map[string]*string{"document": nil, "age_band": nil, personField: nil, pointsField: nil}}
}

// open begins to read a request's body.
func (f *form) open(r *http.Request) (err error) {
	if f.parts, err = r.MultipartReader(); err != nil {
		return problem(http.StatusUnsupportedMediaType, "not_a_form", "Send the upload as multipart/form-data with the fields file and document.")
	}
	return nil
}

// picture reads up to the picture and returns it. Its bytes must be read before
// anything else of the form.
func (f *form) picture() (io.Reader, error) {
	part, err := f.next()
	if err != nil {
		return nil, err
	}
	if part == nil {
		return nil, problem(http.StatusUnprocessableEntity, "file_missing", "The upload has no picture. Send it in the field file.")
	}
	return politely{part}, nil
}

// rest reads what follows the picture.
func (f *form) rest() error {
	part, err := f.next()
	if part != nil {
		return problem(http.StatusUnprocessableEntity, "several_files", "The upload holds more than one picture. Send one at a time.")
	}
	return err
}

// next takes in fields up to a file part, which it returns, or nil at the end.
func (f *form) next() (*multipart.Part, error) {
	for {
		part, err := f.parts.NextPart()
		if err == io.EOF {
			return nil, nil
		}
		if err != nil {
			return nil, cutOff(err)
		}
		if part.FormName() == "file" {
			return part, nil
		}
		if err := f.take(part); err != nil {
			return nil, err
		}
	}
}

func (f *form) take(part *multipart.Part) error {
	name := part.FormName()
	value, expected := f.fields[name]
	if !expected {
		return problem(http.StatusUnprocessableEntity, "unknown_field", "The upload has a field that we don't know. Send only file, document, age_band, statement and face_points.")
	}
	if value != nil {
		return problem(http.StatusUnprocessableEntity, "repeated_field", "The field "+name+" came twice. Send it once.")
	}
	b, err := io.ReadAll(io.LimitReader(part, fieldBytes+1))
	if err != nil {
		return cutOff(err)
	}
	if len(b) > fieldBytes {
		return problem(http.StatusUnprocessableEntity, "field_too_long", "The value of the field "+name+" is too long.")
	}
	text := string(b)
	f.fields[name] = &text
	return nil
}

func (f *form) value(name string) string {
	if v := f.fields[name]; v != nil {
		return *v
	}
	return ""
}

// order says what the picture is wanted for.
func (f *form) order(catalogue *docspec.Catalogue) (photo.Order, error) {
	id := f.value("document")
	if id == "" {
		return photo.Order{}, problem(http.StatusUnprocessableEntity, "document_missing", "The upload does not say which document it is for. Send its ID in the field document; GET /v1/documents lists them all.")
	}
	if _, err := catalogue.Find(id); err != nil {
		return photo.Order{}, documentProblem(err)
	}
	band, ok := photo.ParseAgeBand(f.value("age_band"))
	if !ok {
		return photo.Order{}, problem(http.StatusUnprocessableEntity, "unknown_age_band", "The age band must be under_1, 1_5, 6_10 or adult (11 and older).")
	}
	return photo.Order{Document: id, AgeBand: band}, nil
}

// documentProblem says why what was asked for is no document.
func documentProblem(err error) *Problem {
	var field docspec.FieldError
	if errors.As(err, &field) {
		p := problem(http.StatusUnprocessableEntity, "invalid_custom_document", "Your own size can't be: "+field.Error()+".")
		p.Errors = []Error{{"document." + field.Field, field.Reason}}
		return p
	}
	return problem(http.StatusUnprocessableEntity, "unknown_document", "We don't know this document. GET /v1/documents lists all that we know; custom:40x50,head=30-36 asks for a size of your own.")
}

// politely gives the reader's errors in intake's words.
type politely struct{ io.Reader }

func (p politely) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = cutOff(err)
	}
	return n, err
}

func cutOff(err error) error {
	var over *http.MaxBytesError
	if errors.As(err, &over) {
		return intake.ErrTooLarge
	}
	return intake.ErrTruncated
}
