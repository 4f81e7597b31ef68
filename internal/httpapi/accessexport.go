package httpapi

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/retention"
)

// AccessLines reads the access log page by page; see sqlstore.AccessLog.
type AccessLines interface {
	Page(ctx context.Context, f accesslog.Filter, after accesslog.Entry, limit int) ([]accesslog.Entry, error)
	Forget(ctx context.Context, id photo.ID) error
}

// What one export holds at most, and how much of it is read at a time: between
// pages the database is free for others, however slowly the client reads.
const (
	exportSpan = 7 * retention.Day
	exportPage = 1000
)

// exportOrder is what an officer asked for.
type exportOrder struct {
	accesslog.Filter
	format string // csv or jsonl
}

func invalidExport(detail string) *Problem {
	return problem(http.StatusUnprocessableEntity, "invalid_export", detail)
}

func parseExport(q url.Values) (exportOrder, error) {
	var o exportOrder
	var err error
	for name, into := range map[string]*time.Time{"from": &o.From, "to": &o.To} {
		if *into, err = time.Parse(time.RFC3339, q.Get(name)); err != nil {
			return o, invalidExport("Give from and to as times such as 2026-03-01T00:00:00Z; lines from the first until before the second are exported.")
		}
	}
	if !o.From.Before(o.To) || o.To.Sub(o.From) > exportSpan {
		return o, invalidExport("The time from must come before the time to, at most " + retention.Words(exportSpan) + " earlier. Export more in several steps.")
	}
	if s := q.Get("ip"); s != "" {
		ip, err := netip.ParseAddr(s)
		if err != nil {
			return o, invalidExport("The ip is not an IP address.")
		}
		o.IP = ip.Unmap().String()
	}
	if s := q.Get("status"); s != "" {
		if o.Status, err = strconv.Atoi(s); err != nil || o.Status < 100 || o.Status > 599 {
			return o, invalidExport("The status must be an HTTP status such as 404.")
		}
	}
	if o.format = q.Get("format"); o.format == "" {
		o.format = "csv"
	}
	if o.format != "csv" && o.format != "jsonl" {
		return o, invalidExport("The format must be csv or jsonl.")
	}
	return o, nil
}

// subject is how the audit trail names the export: which filters were used, but
// no IP address, which the trail would keep for years.
func (o exportOrder) subject() string {
	s := fmt.Sprintf("%s/%s %s", o.From.UTC().Format(time.RFC3339), o.To.UTC().Format(time.RFC3339), o.format)
	if o.IP != "" {
		s += " ip"
	}
	if o.Status != 0 {
		s += " status=" + strconv.Itoa(o.Status)
	}
	return s
}

// exportAccess is GET /ops/access-log: lines for an authority after an attack.
// Nothing of it is kept on our side but the line in the audit trail, which is
// written before the first byte is sent.
func (a *API) exportAccess(c *gin.Context) {
	if err := a.export(c); err != nil {
		a.problemOf(err).write(c.Writer)
	}
}

func (a *API) export(c *gin.Context) error {
	order, err := parseExport(c.Request.URL.Query())
	if err != nil {
		return err
	}
	may := operatorOf(c).Decides()
	event := audit.Event{At: a.Now(), Actor: operatorOf(c).Name, Action: audit.ExportAccessLog, Subject: order.subject(), Outcome: audit.Allowed}
	if !may {
		event.Outcome = audit.Refused
	}
	if err := a.Audit.Append(c.Request.Context(), event); err != nil {
		return err
	}
	if !may {
		return officersOnly()
	}
	page, err := a.AccessLines.Page(c.Request.Context(), order.Filter, accesslog.Entry{}, exportPage)
	if err != nil {
		return err
	}
	c.Header("Content-Type", map[string]string{"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}[order.format])
	c.Header("Content-Disposition", `attachment; filename="access-log.`+order.format+`"`)
	a.stream(c, order, page)
	return nil
}

// stream sends page after page. What fails then can only be told by breaking off.
func (a *API) stream(c *gin.Context, o exportOrder, page []accesslog.Entry) {
	control, out := http.NewResponseController(c.Writer), newLines(c.Writer, o.format)
	for {
		_ = control.SetWriteDeadline(time.Now().Add(writeLimit)) // fails where there is no connection
		err := out.write(page)
		if err == nil {
			err = control.Flush()
		}
		if err == nil && len(page) == exportPage {
			page, err = a.AccessLines.Page(c.Request.Context(), o.Filter, page[len(page)-1], exportPage)
		} else if err == nil {
			return
		}
		if err != nil {
			a.Log.Error("an export of the access log broke off", "error", err)
			panic(http.ErrAbortHandler)
		}
	}
}

// exportedLine is a line as an authority reads it.
type exportedLine struct {
	Time        string `json:"time"`
	IP          string `json:"ip"`
	Method      string `json:"method"`
	URL         string `json:"url"`
	AnonymousID string `json:"anonymous_id"`
	Bytes       int64  `json:"bytes"`
	Status      int    `json:"status"`
	Browser     string `json:"browser"`
	OS          string `json:"os"`
	Referrer    string `json:"referrer"`
}

func lineOf(e accesslog.Entry) exportedLine {
	return exportedLine{
		e.At.UTC().Format("2006-01-02T15:04:05.000Z"), e.IP, e.Method, e.URL(), e.Visitor,
		e.Bytes, e.Status, e.Browser, e.OS, e.Referrer,
	}
}

func (l exportedLine) cells() []string {
	cells := []string{l.Time, l.IP, l.Method, l.URL, l.AnonymousID, strconv.FormatInt(l.Bytes, 10), strconv.Itoa(l.Status), l.Browser, l.OS, l.Referrer}
	for i := range cells {
		cells[i] = plainCell(cells[i])
	}
	return cells
}

// plainCell keeps a spreadsheet from taking text for a formula.
func plainCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

// lines writes entries in one of the formats.
type lines struct {
	csv  *csv.Writer
	json *json.Encoder
}

func newLines(w io.Writer, format string) lines {
	if format == "jsonl" {
		return lines{json: json.NewEncoder(w)}
	}
	out := csv.NewWriter(w)
	_ = out.Write([]string{"time", "ip", "method", "url", "anonymous_id", "bytes", "status", "browser", "os", "referrer"}) // write reports it
	return lines{csv: out}
}

func (l lines) write(page []accesslog.Entry) error {
	for _, e := range page {
		if l.json != nil {
			if err := l.json.Encode(lineOf(e)); err != nil {
				return err
			}
		} else if err := l.csv.Write(lineOf(e).cells()); err != nil {
			return err
		}
	}
	if l.csv != nil {
		l.csv.Flush()
		return l.csv.Error()
	}
	return nil
}
