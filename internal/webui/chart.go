package webui

import (
	"fmt"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/statistics"
)

// chartView is a chart of stacked bars, one a day, as an SVG draws it: in pixels, from
// the upper left corner.
type chartView struct {
	Width, Height, Base int // the bars stand on Base
	Bars                []barRect
	Lines               []gridLine
	Marks               []dayMark
	Rows                []dayRow // the same in figures
	Total               int
	Summary             string
}

type barRect struct {
	X, Y, Width, Height int
	Class, Title        string
}

type gridLine struct {
	Y     int
	Label string
}

type dayMark struct {
	X     int
	Label string
}

type dayRow struct {
	Day                           string
	Ready, Rejected, Failed, Open int
}

// The chart's measures.
const (
	chartWidth, chartHeight = 720, 180
	chartLeft, chartBase    = 48, 156
	chartTop                = 12
)

// chartOf draws how photos of the last days ended; today is the last day.
func chartOf(totals []statistics.Total, now time.Time, days int) chartView {
	v := chartView{Width: chartWidth, Height: chartHeight, Base: chartBase}
	by := map[string]*dayRow{}
	for i := range days {
		day := now.UTC().AddDate(0, 0, i+1-days).Format(time.DateOnly)
		v.Rows = append(v.Rows, dayRow{Day: day})
	}
	for i := range v.Rows {
		by[v.Rows[i].Day] = &v.Rows[i]
	}
	for _, t := range totals {
		if row, known := by[t.Date]; known {
			row.add(t)
			v.Total += t.Photos
		}
	}
	most := 1
	for _, r := range v.Rows {
		most = max(most, r.sum())
	}
	v.Summary = fmt.Sprintf("%d photos in %d days, at most %d in one", v.Total, days, most)
	if v.Total == 0 {
		v.Summary = fmt.Sprintf("No photo in %d days", days)
	}
	v.draw(niceCeiling(most))
	return v
}

func (r *dayRow) add(t statistics.Total) {
	switch t.Outcome {
	case "ready":
		r.Ready += t.Photos
	case "rejected":
		r.Rejected += t.Photos
	case "failed":
		r.Failed += t.Photos
	default:
		r.Open += t.Photos
	}
}

func (r dayRow) sum() int { return r.Ready + r.Rejected + r.Failed + r.Open }

// niceCeiling is the least of 2, 4, 10, 20, 40, 100 ... that n does not pass.
func niceCeiling(n int) int {
	for scale := 1; ; scale *= 10 {
		for _, step := range []int{2, 4, 10} {
			if n <= step*scale {
				return step * scale
			}
		}
	}
}

// draw stacks the bars on a scale that ends at top photos.
func (v *chartView) draw(top int) {
	tall := chartBase - chartTop
	for _, n := range []int{0, top / 2, top} {
		v.Lines = append(v.Lines, gridLine{chartBase - tall*n/top, fmt.Sprint(n)})
	}
	step := (chartWidth - chartLeft) / len(v.Rows)
	for i, r := range v.Rows {
		x, sum := chartLeft+i*step, 0
		for _, part := range []struct {
			class string
			count int
		}{{"ready", r.Ready}, {"rejected", r.Rejected}, {"failed", r.Failed}, {"open", r.Open}} {
			if part.count == 0 {
				continue
			}
			from, to := chartBase-tall*sum/top, chartBase-tall*(sum+part.count)/top
			sum += part.count
			v.Bars = append(v.Bars, barRect{x + 1, to, step - 2, max(from-to, 1), part.class, fmt.Sprintf("%s: %d %s", r.Day, part.count, part.class)})
		}
		if i%7 == 0 {
			v.Marks = append(v.Marks, dayMark{x, r.Day[len("2006-"):]})
		}
	}
}
