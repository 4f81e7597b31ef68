package webui

import (
	"io"
	"strconv"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

// DeskReports is what the list of the quarters' reports shows.
type DeskReports struct {
	Quarters []subjectrequest.Quarter
	Calendar subjectrequest.Calendar
	Problem  string // why the register was not exported
	By       SignedIn
	Now      time.Time
}

type deskReportsView struct {
	deskHead
	Quarters          []linkView
	From, To, Problem string
}

// DeskReports renders the list of the quarters' reports.
func (p *Pages) DeskReports(w io.Writer, in DeskReports) error {
	today := in.Calendar.Day(in.Now)
	v := deskReportsView{
		deskHead: in.By.deskHead("Reports"), Problem: in.Problem,
		From: subjectrequest.QuarterOf(today).First().String(), To: today.String(),
	}
	for _, q := range in.Quarters {
		v.Quarters = append(v.Quarters, linkView{Href: reportPath(q), Label: quarterWords(q)})
	}
	return p.render(w, "deskreports", v)
}

func reportPath(q subjectrequest.Quarter) string { return deskPath + "/reports/" + q.String() }

// quarterWords names a quarter by its months.
func quarterWords(q subjectrequest.Quarter) string {
	return q.First().Month.String() + " to " + q.Last().Month.String() + " " + strconv.Itoa(q.Year)
}

// DeskReport is what the report on a quarter shows.
type DeskReport struct {
	Report   subjectrequest.Report
	Calendar subjectrequest.Calendar
	By       SignedIn
	Now      time.Time
}

type deskReportView struct {
	deskHead
	Quarter, Today, CSV string
	Running             bool // the quarter is not over
	Columns             []string
	Lines               []reportLine
	All                 reportLine
	Overdue             int
	Oldest, OldestDay   string
}

type reportLine struct {
	Label string
	Cells []string
}

// DeskReport renders the report on a quarter.
func (p *Pages) DeskReport(w io.Writer, in DeskReport) error {
	q, today := in.Report.Quarter, in.Calendar.Day(in.Now)
	v := deskReportView{
		deskHead: in.By.deskHead("Requests, " + quarterWords(q)), Quarter: q.String(), Today: dayWords(today), CSV: reportPath(q) + ".csv",
		Running: !today.After(q.Last()), Columns: ReportColumns(), All: reportLine{"All", ReportCells(in.Report.All())},
		Overdue: in.Report.Unanswered.Overdue, Oldest: string(in.Report.Unanswered.Oldest), OldestDay: dayWords(in.Report.Unanswered.Arrived),
	}
	for _, k := range subjectrequest.Kinds() {
		v.Lines = append(v.Lines, reportLine{KindWords(k), ReportCells(in.Report.Of(k))})
	}
	return p.render(w, "deskreport", v)
}

// ReportColumns head the cells of a report's lines.
func ReportColumns() []string {
	columns := []string{"Arrived"}
	for _, o := range subjectrequest.Outcomes() {
		columns = append(columns, OutcomeWords(o))
	}
	return append(columns, "Answered in time", "Answered late", "Extended", "Median days")
}

// ReportCells are those of a line, in the order of ReportColumns.
func ReportCells(s subjectrequest.Summary) []string {
	cells := []string{strconv.Itoa(s.Total)}
	for _, o := range subjectrequest.Outcomes() {
		cells = append(cells, strconv.Itoa(s.Outcomes[o]))
	}
	median := ""
	if days, ok := s.MedianDays(); ok {
		median = strconv.FormatFloat(days, 'f', -1, 64)
	}
	return append(cells, strconv.Itoa(s.InTime), strconv.Itoa(s.Late), strconv.Itoa(s.Extended), median)
}
