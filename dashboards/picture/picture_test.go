package main

import (
	"encoding/json"
	"image/png"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// answers is a Prometheus that knows one figure of two queues, with a gap in it.
func answers(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.FormValue("query")
		if strings.Contains(query, "$") {
			http.Error(w, "a variable is left: "+query, http.StatusBadRequest)
			return
		}
		result := []any{}
		if strings.Contains(query, "queue") {
			for _, name := range []string{"default", "mail"} {
				values := [][2]any{{1772366400, "3"}, {1772366415, "NaN"}, {1772366430, "4"}, {1772367000, "500"}}
				result = append(result, map[string]any{"metric": map[string]string{"queue": name}, "values": values})
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"status": "success", "data": map[string]any{"resultType": "matrix", "result": result}})
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestEachDashboardIsDrawn(t *testing.T) {
	t.Chdir("..")
	to := t.TempDir()
	if err := run(answers(t), to, "2026-03-01T12:30:00Z", span{length: 30 * time.Minute, scrape: 15 * time.Second}); err != nil {
		t.Fatal(err)
	}
	drawn, err := filepath.Glob(filepath.Join(to, "*.png"))
	if err != nil || len(drawn) < 3 {
		t.Fatalf("%d pictures: %v", len(drawn), err)
	}
	for _, file := range drawn {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(f)
		f.Close()
		if err != nil || picture.Bounds().Dx() != 24*cellWidth {
			t.Errorf("%s: %v, %v", file, picture.Bounds(), err)
		}
	}
}

func TestAnAnswerBecomesNamedLinesWithGaps(t *testing.T) {
	prometheus, err := newSource(answers(t))
	if err != nil {
		t.Fatal(err)
	}
	var b board
	if err := json.Unmarshal([]byte(`{"panels": [{"title": "Waiting", "targets": [{"expr": "queue[$__rate_interval]", "legendFormat": "{{queue}}, waiting"}]}]}`), &b); err != nil {
		t.Fatal(err)
	}
	if err := b.ask(t.Context(), prometheus, span{end: time.Unix(1772368200, 0), length: 30 * time.Minute, scrape: 15 * time.Second}); err != nil {
		t.Fatal(err)
	}
	got := b.Panels[0].lines
	if len(got) != 2 || got[1].name != "mail, waiting" || len(got[0].values) != 3 {
		t.Fatalf("%v", got)
	}
	if parts := got[0].stretches(30 * time.Second); len(parts) != 2 || parts[1][1].Y != 500 {
		t.Errorf("%v", parts)
	}
}

func TestAPrometheusThatRefusesIsSaid(t *testing.T) {
	prometheus, err := newSource("http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	b := board{Panels: []*panel{{Title: "Waiting"}}}
	b.Panels[0].Targets = append(b.Panels[0].Targets, struct{ Expr, LegendFormat string }{Expr: "up"})
	if err := b.ask(t.Context(), prometheus, span{end: time.Unix(1772368200, 0), length: time.Minute, scrape: time.Second}); err == nil || !strings.HasPrefix(err.Error(), "Waiting: ") {
		t.Errorf("%v", err)
	}
}

func TestFiguresAreWrittenInTheirUnit(t *testing.T) {
	for _, c := range []struct {
		unit  string
		value float64
		want  string
	}{
		{"s", 0, "0 s"}, {"s", .0123, "12.3 ms"}, {"s", 90, "1.5 min"}, {"s", 172800, "2 d"}, {"percentunit", .99956, "99.96 %"},
		{"bytes", 3 << 19, "1.5 MiB"}, {"none", 1234, "1234"}, {"reqps", .25, "0.25 req/s"}, {"s", -7200, "-2 h"},
	} {
		unit, err := scaleOf(c.unit, c.value)
		if got := unit.write(c.value); err != nil || got != c.want {
			t.Errorf("%v %s: %s, not %s: %v", c.value, c.unit, got, c.want, err)
		}
	}
	if _, err := scaleOf("furlongs", 1); err == nil {
		t.Error("a unit that nobody knows is drawn")
	}
}

func TestTicksAreEvenAndFew(t *testing.T) {
	for _, top := range []float64{.0031, .7, 1, 7, 42, 99, 1e6} {
		apart := scale{of: 1}.even(top)
		if count := math.Floor(top / apart); count < 2 || count > 5 {
			t.Errorf("%v: %v ticks of %v", top, count, apart)
		}
	}
}
