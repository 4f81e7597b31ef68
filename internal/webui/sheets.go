package webui

import (
	"html/template"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/printsheet"
)

// sheetView is a link to a print sheet.
type sheetView struct {
	Label string
	Query template.URL // after the question mark
}

// sheets offers what people print on: office paper at home, the two common photo
// papers at a kiosk. None where the office takes no paper.
func sheets(s docspec.Spec) (whom string, links []sheetView) {
	if c := s.Channel.Value; c == docspec.Upload || c == docspec.Code || !s.OnPaper() {
		return "", nil
	}
	if printsheet.ForShop(s) {
		return "For the photo shop, beside the photo", []sheetView{{"page with size and instructions (PDF)", "paper=a4&format=pdf"}}
	}
	return "Sheet to print", []sheetView{
		{"A4 (PDF)", "paper=a4&format=pdf"}, {"Letter (PDF)", "paper=letter&format=pdf"},
		{"10 × 15 cm (JPEG)", "paper=10x15&format=jpeg"}, {"4 × 6 in (JPEG)", "paper=4x6&format=jpeg"},
	}
}
