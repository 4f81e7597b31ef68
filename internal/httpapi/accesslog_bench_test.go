package httpapi_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/accesslog"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/httpapi"
	"github.com/passportphotogenie/passportphotogenie/internal/logging"
	"github.com/passportphotogenie/passportphotogenie/internal/metrics"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

// logged is an API that serves one photo from SQL, with an access log into SQL
// unless it is to be without.
func logged(b *testing.B, without bool) (api *httpapi.API, request func() *http.Request) {
	b.Helper()
	ok := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	db, err := sqlstore.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "photos.db"))
	ok(err)
	b.Cleanup(func() { _ = db.Close() })
	ok(db.Migrate(b.Context()))
	photos, id, key := sqlstore.NewPhotos(db), photo.NewID(), photo.NewKey()
	ok(photos.Reserve(b.Context(), photo.Reservation{ID: id, KeyHash: key.Hash(), Now: time.Now()}))
	ok(photos.Queue(b.Context(), id, photo.Received{Document: "us-passport", AgeBand: photo.Adult, Now: time.Now(), ExpiresAt: time.Now().Add(48 * time.Hour)}))

	figures, log := metrics.New("api", "test"), logging.New(logging.Options{Out: io.Discard, Level: slog.LevelInfo, JSON: true, Process: "api"})
	recorder := accesslog.NewRecorder(accesslog.Options{Store: sqlstore.NewAccessLog(db), Meter: figures.NewAccessLog(), Log: log})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { recorder.Run(ctx); close(ended) }()
	b.Cleanup(func() { cancel(); <-ended })
	catalogue, err := docspec.Load()
	ok(err)
	o := httpapi.Options{
		Photos: photos, Catalogue: catalogue, Meter: figures.NewAPI(), Log: log, Now: time.Now, AccessLog: recorder,
		Policy: thePolicy(b), Probes: http.NotFoundHandler(), MaxUploads: 1, MaxSheets: 1, MaxPreviews: 1,
	}
	if without {
		o.AccessLog = nil
	}
	api, err = httpapi.New(o)
	ok(err)
	return api, func() *http.Request {
		r := httptest.NewRequest("GET", "/v1/photos/"+string(id)+"?limit=20", nil)
		r.Header.Set("Authorization", "Bearer "+key.Reveal())
		r.Header.Set("User-Agent", userAgent)
		r.Header.Set("Referer", "https://example.org/")
		return r
	}
}

// answer serves a request in memory and returns how long the handler took.
func answer(b *testing.B, h http.Handler, r *http.Request) time.Duration {
	w := httptest.NewRecorder()
	began := time.Now()
	h.ServeHTTP(w, r)
	took := time.Since(began)
	if w.Code != http.StatusOK {
		b.Fatalf("%d %s", w.Code, w.Body)
	}
	return took
}

// asked sends a request to a server on this machine and returns how long that
// took.
func asked(b *testing.B, server *httptest.Server, r *http.Request) time.Duration {
	out, err := http.NewRequestWithContext(b.Context(), r.Method, server.URL+r.URL.RequestURI(), nil)
	if err != nil {
		b.Fatal(err)
	}
	out.Header = r.Header
	began := time.Now()
	resp, err := server.Client().Do(out)
	if err != nil {
		b.Fatal(err)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	took := time.Since(began)
	if err != nil || resp.StatusCode != http.StatusOK || resp.Body.Close() != nil {
		b.Fatalf("%d %v", resp.StatusCode, err)
	}
	return took
}

// BenchmarkTheAccessLogsShareOfARequest compares what the access log adds to a
// request with the most frequent one, on an API without log and over a connection
// on this machine: how a photo stands. The handler alone is measured too, and the
// same request with the log, whose batches are stored meanwhile.
func BenchmarkTheAccessLogsShareOfARequest(b *testing.B) {
	quiet, request := logged(b, true)
	api, requestLogged := logged(b, false)
	server := httptest.NewServer(quiet)
	defer server.Close()
	end := func(c *gin.Context) { c.Status(http.StatusOK) }
	with, without := gin.New(), gin.New()
	with.GET("/v1/photos/:id", api.Access, end)
	without.GET("/v1/photos/:id", end)

	var whole, handler, both, noted, bare times
	b.ResetTimer()
	for range b.N {
		whole = append(whole, asked(b, server, request()))
		handler = append(handler, answer(b, quiet, request()))
	}
	for range b.N {
		both = append(both, answer(b, api, requestLogged()))
	}
	for range b.N {
		noted = append(noted, answer(b, with, requestLogged()))
		bare = append(bare, answer(b, without, requestLogged()))
	}
	b.ReportMetric(whole.median(), "ns/request")
	b.ReportMetric(handler.median(), "ns/handler")
	b.ReportMetric(both.median(), "ns/handler-and-batches")
	b.ReportMetric(noted.median()-bare.median(), "ns/log")
	b.ReportMetric(100*(noted.median()-bare.median())/whole.median(), "%log")
}

// times are of many requests; the middle one does not mind what else the machine
// does.
type times []time.Duration

func (t times) median() float64 {
	slices.Sort(t)
	return float64(t[len(t)/2].Nanoseconds())
}
