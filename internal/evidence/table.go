package evidence

import (
	"fmt"
	"slices"

	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/geom"
	"github.com/passportphotogenie/passportphotogenie/internal/typeset"
)

// row is one check that binds.
type row struct {
	title, measured, asked, rule string
	remark                       string // stands instead of both figures
	outcome                      check.Outcome
}

// rows are the checks that bind: what is wrong first, what fits last.
func (e Evidence) rows() []row {
	var rows []row
	for _, c := range e.Report.Checks {
		if !c.Binding {
			continue
		}
		r := row{title: c.Name.Title(), measured: c.Measured(), asked: c.Asked(), rule: c.Rule(), outcome: c.Outcome}
		if r.measured == "" {
			r.remark = c.Advice
		} else if r.asked == "" {
			r.asked, r.rule = "nothing", ""
		}
		rows = append(rows, r)
	}
	order := []check.Outcome{check.Fail, check.Warn, check.NotAssessed, check.Declared, check.Pass}
	slices.SortStableFunc(rows, func(a, b row) int { return slices.Index(order, a.outcome) - slices.Index(order, b.outcome) })
	return rows
}

// Where the table's columns begin, from its left edge.
const (
	measuredAt geom.MM = 48
	askedAt    geom.MM = 84
	ruleAt     geom.MM = 136
	outcomeAt  geom.MM = 156
)

// table shows the rows, and says how many checks are not in it.
func (e Evidence) table(p *page, rows []row) {
	head := p.style(7, true)
	for _, c := range []struct {
		at   geom.MM
		text string
	}{{0, "What was looked at"}, {measuredAt, "Measured"}, {askedAt, "Asked for"}, {ruleAt, "Rule"}, {outcomeAt, "Outcome"}} {
		p.write(head, grey, margin+c.at, p.y, c.text)
	}
	p.y += height(head) + p.mm(0.5)
	for _, r := range rows {
		p.row(r)
	}
	p.rule()
	p.y += p.mm(0.6)
	p.paragraph(p.style(6.5, false), grey, e.footnote(len(rows)))
}

// rule is a thin line over the page's width.
func (p *page) rule() { p.fill(pale, box{margin, p.y, column, 0.15}) }

func (p *page) row(r row) {
	p.rule()
	s, top := p.style(7.5, false), p.y+p.mm(0.45)
	most := p.block(s, black, box{margin, top, measuredAt - 2, 0}, r.title)
	if r.remark != "" {
		most = max(most, p.block(s, grey, box{margin + measuredAt, top, ruleAt - measuredAt - 2, 0}, r.remark))
	} else {
		most = max(most, p.block(s, black, box{margin + measuredAt, top, askedAt - measuredAt - 2, 0}, r.measured))
		most = max(most, p.block(s, black, box{margin + askedAt, top, ruleAt - askedAt - 2, 0}, r.asked))
	}
	p.write(s, grey, margin+ruleAt, top, r.rule)
	p.sign(r.outcome, margin+outcomeAt, top+s.Size.MM()*0.6, s.Size.MM())
	s.Bold = r.outcome == check.Fail || r.outcome == check.Warn
	p.write(s, colourOf(r.outcome), margin+outcomeAt+s.Size.MM()*1.3, top, r.outcome.Words())
	p.y = top + most + p.mm(0.35)
}

// sign draws an outcome's shape, for whoever sees no colours.
func (p *page) sign(o check.Outcome, x, middle, size geom.MM) {
	colour := colourOf(o)
	r := size * 0.36
	corners := map[check.Outcome][][2]geom.MM{
		check.Warn:     {{0, r}, {r, -r}, {2 * r, r}},
		check.Fail:     {{0, -r}, {2 * r, -r}, {2 * r, r}, {0, r}},
		check.Declared: {{0, 0}, {r, -r}, {2 * r, 0}, {r, r}},
	}[o]
	p.ink(func(pdf typeset.PDF) {
		pdf.SetFillColor(colour.parts())
		pdf.SetDrawColor(colour.parts())
		pdf.SetLineWidth(0.25)
		if len(corners) == 0 {
			style := map[bool]string{true: "F", false: "D"}[o == check.Pass]
			pdf.Circle(float64(x+r), float64(middle), float64(r*0.9), style)
			return
		}
		pdf.Shape(x, middle, corners)
	})
}

func (e Evidence) footnote(shown int) string {
	bound := len(e.rows())
	text := "Rule: official, read on the authority’s own page; secondary, in a list or guide made by others; standard, by ISO and ICAO where the office says nothing, with limits of our own where they give no figure."
	if left := bound - shown; left > 0 {
		text += fmt.Sprintf(" Checks that had no room here and are in the full report: %d.", left)
	}
	if rest := len(e.Report.Checks) - bound; rest > 0 {
		text += fmt.Sprintf(" Measures that don’t count for this document and are left out: %d.", rest)
	}
	return text
}

// colourOf is an outcome's colour, dark enough to be read on paper.
func colourOf(o check.Outcome) rgb {
	return map[check.Outcome]rgb{
		check.Pass: 0x1d6b3a, check.Warn: 0x8a5200, check.Fail: 0xa3231f, check.NotAssessed: 0x4a5a68, check.Declared: 0x4b3a8c,
	}[o]
}
