package evidence

import (
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
)

const dayFormat = "2 January 2006"

// heading says which document, when, and the verdict with its sentences.
func (e Evidence) heading(p *page, day time.Time) {
	title, small := p.style(15, true), p.style(8.5, false)
	date := "Report of " + day.Format(dayFormat)
	p.write(small, grey, margin+column-p.faces.Width(small, date), p.y+p.mm(1.2), date)
	room := column - p.faces.Width(small, date) - p.mm(4)
	p.y += p.block(title, black, box{margin, p.y, room, 0}, e.name())
	p.paragraph(small, grey, e.kindOfPhoto())
	p.y += p.mm(1.8)
	e.verdict(p)
	p.y += p.mm(2)
}

// name is that of the document, after its country unless it has none.
func (e Evidence) name() string {
	if e.Spec.CountryName == "" {
		return e.Spec.Name
	}
	return e.Spec.CountryName + ": " + e.Spec.Name
}

func (e Evidence) kindOfPhoto() string {
	switch {
	case e.Spec.Uncropped():
		return "Photo as a file, uncropped: the office crops it by itself."
	case e.Spec.Digital():
		return "Photo as a file of " + e.Spec.Size() + ". Millimetres are those of 300 pixels per inch."
	}
	return "Photo of " + e.Spec.Size()
}

func (e Evidence) verdict(p *page) {
	colour := map[check.Verdict]rgb{
		check.ReadyToSubmit: colourOf(check.Pass), check.SubmitWithCare: colourOf(check.Warn), check.TakeAnother: colourOf(check.Fail),
	}[e.Report.Verdict]
	top := p.y
	inset := p.mm(4)
	words, body := p.style(12, true), p.style(8.5, false)
	p.y += p.block(words, colour, box{margin + inset, p.y, column - inset, 0}, e.Report.Verdict.Words())
	for _, sentence := range e.Report.Summary {
		p.y += p.block(body, black, box{margin + inset, p.y, column - inset, 0}, sentence)
	}
	p.fill(colour, box{margin, top, p.mm(1.4), p.y - top})
}

// sources are where the document's rules were read, and who decides.
func (e Evidence) sources(p *page, day time.Time) {
	head, small := p.style(7.5, true), p.style(6.5, false)
	p.y += p.mm(2)
	p.paragraph(head, black, "Where this document’s rules were read")
	for _, s := range sourcesOf(e.Spec) {
		p.paragraph(small, black, s)
	}
	p.y += p.mm(1.2)
	p.paragraph(head, black, "This is advice by a program, and the office decides.")
	p.paragraph(small, grey, "Made by PassPortphotoGenie on "+day.Format(dayFormat)+" from one picture. Print it at 100 %, and the photo at its real size can be measured with a ruler.")
}
