package archive

import (
	_ "embed"
	"io"
	"strings"
	"text/template"
	"unicode/utf8"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

//go:embed readme.txt.tmpl
var readmeText string

// Plain text: nothing that a person wrote stands in it, and nothing reads it as more.
var readmeTemplate = template.Must(template.New("readme").Funcs(template.FuncMap{"wrap": wrap}).Parse(readmeText))

// lineLength is for programs that don't break lines themselves.
const lineLength = 86

// wrap breaks a text into lines, of which the second and later ones are indented.
func wrap(indent int, text string) string {
	var b strings.Builder
	column := indent
	for i, word := range strings.Fields(text) {
		length := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+length > lineLength:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += length
	}
	return b.String()
}

// described is a file in the words of the README.
type described struct{ Name, What string }

// contents describes the files of the photo that are in an archive.
func contents(files []File) (all []described) {
	for _, f := range files {
		all = append(all, described{f.Name, map[FileKind]string{
			Original: "The picture as you sent it.",
			Result:   "The finished photo.",
			Report:   "The report of the checks, with the lines that were measured in the photo.",
		}[f.Kind]})
	}
	return all
}

// readme writes what the archive is and what the law wants told.
func readme(w io.Writer, d Document, files []File) error {
	title, scope := "An answer to your request for access (Art. 15 GDPR)", "The photo was opened by its key, and so here is everything that we hold of it, but for the working data that are described at the end."
	switch {
	case d.Photo != nil:
	case d.Request.Channel == subjectrequest.PhotoKey:
		scope = "The photo was deleted before this was made, and with it what we held of it."
	case len(d.Filed) == 0:
		scope = "Your request came without an e-mail address and without a photo's key, so nothing but the request itself is known to be yours. Anything about a photo needs the photo's own key (Art. 11 GDPR)."
	default:
		scope = "Here is what is filed under your e-mail address. An address proves only itself: anything about a photo needs the photo's own key (Art. 11 GDPR)."
	}
	if d.Kind == subjectrequest.Portability {
		title = "An answer to your request for portability (Art. 20 GDPR)"
		scope += " Of it, this archive has what you provided: pictures as you sent them, what you chose and answered, and what you wrote. Ask for access to get the rest."
	}
	return readmeTemplate.Execute(w, struct {
		Title, Made, Scope string
		Files              []described
		Gone               bool
		Facts              Facts
	}{title, d.MadeAt.Format("2 January 2006 15:04"), scope, contents(files), d.Photo != nil && len(files) == 0, d.Facts})
}
