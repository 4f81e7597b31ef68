package httpapi_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/attest"
	"github.com/passportphotogenie/passportphotogenie/internal/check"
	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/sqlstore"
)

func TestOnlyItsKeyOpensAPhoto(t *testing.T) {
	s := newService(t)
	mine, other := s.upload(), s.upload()
	for _, path := range []string{"", "/result", "/report", "/overlay", "/events", "/print-sheet"} {
		var bodies []string
		for name, r := range map[string]reply{
			"no key":              s.get(mine.path(path)),
			"another photo's key": s.get(mine.path(path), other.bearer()...),
			"a made-up key":       s.get(mine.path(path), "Authorization", "Bearer x"),
			"the key as password": s.get(mine.path(path), "Authorization", "Basic "+mine.Key),
			"the key in the URL":  s.get(mine.path(path) + "?key=" + mine.Key),
			"an empty cookie":     s.get(mine.path(path), "Cookie", "photo_key="),
			"an unknown photo":    s.get("/v1/photos/"+string(photo.NewID())+path, mine.bearer()...),
			"an impossible ID":    s.get("/v1/photos/1%27--"+path, mine.bearer()...),
		} {
			s.isProblem(r, 404, "not_found")
			bodies = append(bodies, string(r.body))
			if string(r.body) != bodies[0] {
				t.Errorf("%s %s: the answer differs: %s", path, name, r.body)
			}
		}
	}
	s.isProblem(s.do(s.request("DELETE", mine.path(""), nil, other.bearer()...)), 404, "not_found")
}

func TestAReadyPhotoIsServedWithItsReport(t *testing.T) {
	s := newService(t)
	a := s.upload()
	for _, path := range []string{"/result", "/report"} {
		p := s.isProblem(s.get(a.path(path), a.bearer()...), 409, "not_ready")
		if !strings.Contains(p.Detail, "queued") {
			t.Errorf("the status is not said: %s", p.Detail)
		}
	}
	s.finish(a, "a picture")

	var got struct {
		Status string
		Report check.Report
	}
	s.get(a.path(""), a.bearer()...).decode(t, &got)
	if got.Status != "ready" || !cmp.Equal(got.Report, aReport) {
		t.Errorf("the photo is %+v", got)
	}
	var report check.Report
	s.get(a.path("/report"), a.bearer()...).decode(t, &report)
	if diff := cmp.Diff(aReport, report); diff != "" {
		t.Error(diff)
	}
	r := s.get(a.path("/result"), a.bearer()...)
	if r.StatusCode != 200 || string(r.body) != "a picture" || r.Header.Get("Content-Type") != "image/jpeg" ||
		r.Header.Get("Cache-Control") != "private, no-store" || r.Header.Get("Content-Disposition") != "inline" {
		t.Errorf("result: %d %v %q", r.StatusCode, r.Header, r.body)
	}
	r = s.get(a.path("/result?download=1"), a.bearer()...)
	if got, want := r.Header.Get("Content-Disposition"), `attachment; filename="us-passport.jpg"`; got != want {
		t.Errorf("Content-Disposition %q, want %q", got, want)
	}
}

func TestARejectedPhotoSaysWhatToDo(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.must(s.photos.Finish(t.Context(), s.claim(a), photo.Outcome{Status: photo.Rejected, Reason: photo.NoFace, Now: s.clock.Now()}))
	var got struct {
		Status  string
		Problem problem
	}
	s.get(a.path(""), a.bearer()...).decode(t, &got)
	if got.Status != "rejected" || got.Problem.Code != "no_face" || got.Problem.Detail != photo.NoFace.Advice() {
		t.Errorf("the photo is %+v", got)
	}
	s.isProblem(s.get(a.path("/result"), a.bearer()...), 409, "not_ready")
}

func TestAnExpiredPhotoIsGone(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.clock.Forward(48*time.Hour - time.Second)
	if r := s.get(a.path(""), a.bearer()...); r.StatusCode != 200 {
		t.Errorf("a second before: %d", r.StatusCode)
	}
	s.clock.Forward(time.Second)
	s.isProblem(s.get(a.path(""), a.bearer()...), 410, "expired")
	s.isProblem(s.get(a.path("")), 404, "not_found")
	_, err := s.photos.BeginErasure(t.Context(), photo.ID(a.ID))
	s.must(err)
	s.isProblem(s.get(a.path(""), a.bearer()...), 404, "not_found")
}

func TestADeletedPhotoLeavesOnlyItsReceipt(t *testing.T) {
	s := newService(t)
	a := s.upload()
	r := s.do(s.request("DELETE", a.path(""), nil, a.bearer()...))
	id := r.Header.Get("Erasure-Receipt")
	if r.StatusCode != http.StatusNoContent || id == "" || r.Header.Get("Location") != "/v1/erasures/"+id {
		t.Fatalf("got %d %v", r.StatusCode, r.Header)
	}
	s.nothingLeft()
	s.isProblem(s.get(a.path(""), a.bearer()...), 404, "not_found")
	var receipt map[string]any
	s.get("/v1/erasures/"+id).decode(t, &receipt)
	now := s.clock.Now().Format(time.RFC3339)
	statement := `{"statement":"passportphotogenie/erasure/1","receipt":"` + id + `","state":"finished","reason":"request",` +
		`"created_at":"` + now + `","finished_at":"` + now + `","erased":{"key":1,"original":1,"queue_entry":1,"record":1}}`
	signed := s.signer.Sign(statement)
	want := map[string]any{
		"receipt": id, "state": "finished", "reason": "request", "created_at": now, "finished_at": now,
		"erased":    map[string]any{"key": 1.0, "original": 1.0, "queue_entry": 1.0, "record": 1.0},
		"statement": statement, "signature": base64.StdEncoding.EncodeToString(signed.Signature), "key_id": string(signed.Key.ID()),
	}
	if diff := cmp.Diff(want, receipt); diff != "" {
		t.Error(diff)
	}
	if r := s.get("/v1/erasures/" + id + "/statement"); string(r.body) != statement {
		t.Errorf("the statement alone is %s", r.body)
	}
	if r := s.get("/v1/erasures/" + id + "/signature"); string(r.body) != string(signed.Signature) {
		t.Errorf("the signature alone has %d bytes", len(r.body))
	}
	for _, path := range []string{"", "/statement", "/signature"} {
		s.isProblem(s.get("/v1/erasures/none"+path), 404, "unknown_receipt")
	}
}

func TestFormerSigningKeysStayPublished(t *testing.T) {
	former := attest.NewSigner([32]byte{9})
	s := newService(t)
	receipt, err := photo.NewReceipt(photo.ErasedByExpiry, s.clock.Now()).Signed(former)
	s.must(err)
	s.must(sqlstore.NewReceipts(s.db).Restore(t.Context(), receipt))
	var listed struct {
		Keys []struct {
			KeyID     string `json:"key_id"`
			PublicKey string `json:"public_key"`
			Current   bool
		}
	}
	s.get("/v1/keys").decode(t, &listed)
	if len(listed.Keys) != 2 {
		t.Fatalf("%d keys are published", len(listed.Keys))
	}
	for i, signer := range []*attest.Signer{s.signer, former} {
		pem, err := signer.Public().PEM()
		s.must(err)
		got := listed.Keys[i]
		if got.KeyID != string(signer.Public().ID()) || got.PublicKey != pem || got.Current != (signer == s.signer) {
			t.Errorf("key %d is %+v", i, got)
		}
		if r := s.get("/v1/keys/" + got.KeyID); string(r.body) != pem {
			t.Errorf("alone it is %s", r.body)
		}
	}
	s.isProblem(s.get("/v1/keys/none"), 404, "unknown_key")
}

func TestAnotherSitesPageCanNotUseTheCookie(t *testing.T) {
	s := newService(t)
	a := s.upload()
	cookie := []string{"Cookie", "photo_key=" + a.Key}
	for _, foreign := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		s.isProblem(s.do(s.request("DELETE", a.path(""), nil, append(foreign, cookie...)...)), 403, "cross_origin")
		s.isProblem(s.do(s.request("POST", "/photos/"+a.ID+"/delete", nil, append(foreign, cookie...)...)), 403, "cross_origin")
	}
	if r := s.get(a.path(""), a.bearer()...); r.StatusCode != 200 {
		t.Fatalf("the photo is gone: %d", r.StatusCode)
	}
	// With the key itself it is not a browser acting for someone else.
	r := s.do(s.request("DELETE", a.path(""), nil, append(a.bearer(), "Origin", "https://app.example")...))
	if r.StatusCode != http.StatusNoContent {
		t.Errorf("with the key: %d %s", r.StatusCode, r.body)
	}
}

func TestKeysAndNamesDoNotReachTheLog(t *testing.T) {
	s := newService(t)
	r := s.post([]field{{"file", "anna-example.jpg", portrait(t)}, {"document", "", "us-passport"}}, "Idempotency-Key", idempotencyKey)
	var a accepted
	r.decode(t, &a)
	s.get(a.path("?key="+a.Key), a.bearer()...)
	s.get("/wp-login/"+a.Key, "Cookie", "photo_key="+a.Key)
	s.do(s.request("DELETE", a.path(""), nil, a.bearer()...))
	log := s.log.String()
	for _, secret := range []string{a.Key, "anna-example", idempotencyKey, "wp-login"} {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	if !strings.Contains(log, `"route":"/v1/photos/:id"`) {
		t.Errorf("the log lacks requests: %s", log)
	}
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	s := newService(t)
	for _, path := range []string{"/", "/v1/documents", "/nothing"} {
		h := s.get(path).Header
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Content-Security-Policy": "default-src 'none'", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if !strings.HasPrefix(h.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
	}
}

func TestWhatDoesNotExistIsAProblemToo(t *testing.T) {
	s := newService(t)
	s.isProblem(s.get("/v1/nothing"), 404, "no_such_address")
	s.isProblem(s.get("/assets/"), 404, "no_such_address")
	s.isProblem(s.get("/assets/nothing.css"), 404, "no_such_address")
	r := s.do(s.request("PUT", "/v1/documents", nil))
	s.isProblem(r, 405, "method_not_allowed")
	if !strings.Contains(r.Header.Get("Allow"), "GET") {
		t.Errorf("Allow is %q", r.Header.Get("Allow"))
	}
}

func TestTheCatalogueIsListedInPages(t *testing.T) {
	s := newService(t)
	var ids []string
	next := "/v1/documents?query=france&country=fr&limit=2"
	for pages := 0; next != "" && pages < 9; pages++ {
		var page struct {
			Documents []struct{ ID string }
			Next      *string
		}
		s.get(next).decode(t, &page)
		for _, d := range page.Documents {
			ids = append(ids, d.ID)
		}
		next = ""
		if page.Next != nil {
			next = *page.Next
		}
	}
	if want := []string{"fr-driving-licence", "fr-id-card", "fr-passport", "fr-visa"}; !cmp.Equal(ids, want) {
		t.Errorf("listed %v, want %v", ids, want)
	}
	if r := s.get("/v1/documents?query=pasport&country=germny&kind=passport"); !strings.Contains(string(r.body), `"id":"de-passport"`) {
		t.Errorf("a search with typos: %.200s", r.body)
	}
	if r := s.get("/v1/documents?country=france&kind=visa&limit=1&query=visa"); !strings.Contains(string(r.body), `"id":"fr-visa"`) || !strings.Contains(string(r.body), `"next":null`) {
		t.Errorf("the visas of France: %.200s", r.body)
	}
	if r := s.get("/v1/documents?query=atlantis"); strings.TrimSpace(string(r.body)) != `{"documents":[],"next":null}` {
		t.Errorf("nothing found: %s", r.body)
	}
	var one struct {
		ID      string
		Sources map[string]any
	}
	s.get("/v1/documents/us-passport").decode(t, &one)
	if one.ID != "us-passport" || len(one.Sources) == 0 {
		t.Errorf("one document: %+v", one)
	}
	s.isProblem(s.get("/v1/documents/xx-passport"), 404, "unknown_document")
	p := s.isProblem(s.get("/v1/documents?limit=1000&kind=spaceship"), 422, "invalid_request")
	if len(p.Errors) != 2 {
		t.Errorf("errors %v, want two", p.Errors)
	}
}

func TestTheOpenAPIDocumentListsEveryRoute(t *testing.T) {
	s := newService(t)
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]any
	}
	s.get("/openapi.json").decode(t, &doc)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("OpenAPI version %q", doc.OpenAPI)
	}
	var routes []string
	for path, methods := range doc.Paths {
		for method := range methods {
			routes = append(routes, method+" "+path)
		}
	}
	for _, want := range []string{
		"post /v1/photos", "get /v1/photos/{id}", "delete /v1/photos/{id}", "get /v1/photos/{id}/result", "get /v1/photos/{id}/print-sheet", "get /v1/photos/{id}/report",
		"get /v1/photos/{id}/events", "get /v1/documents", "get /v1/documents/{id}", "get /v1/erasures/{receipt}", "get /v1/keys",
		"post /v1/photos/{id}/contest", "get /v1/contests/{id}", "patch /v1/contests/{id}", "delete /v1/contests/{id}",
	} {
		if !strings.Contains(fmt.Sprint(routes), want) {
			t.Errorf("%s is missing", want)
		}
	}
	if raw, _ := json.Marshal(doc); len(raw) == 0 || s.get("/docs").StatusCode != 404 {
		t.Error("the documentation page, which loads scripts from elsewhere, is served")
	}
}

func TestAResultIsAJPEGOrAPNG(t *testing.T) {
	s := newService(t)
	a := s.upload()
	s.finish(a, portrait(t))
	for _, tt := range []struct{ query, kind, file string }{
		{"", "image/jpeg", ""},
		{"?download=true", "image/jpeg", "us-passport.jpg"},
		{"?format=png&download=true", "image/png", "us-passport.png"},
	} {
		r := s.get(a.path("/result")+tt.query, a.bearer()...)
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != tt.kind || !strings.Contains(r.Header.Get("Content-Disposition"), tt.file) {
			t.Errorf("%s: %d, %s, %s", tt.query, r.StatusCode, r.Header.Get("Content-Type"), r.Header.Get("Content-Disposition"))
		}
		if got := http.DetectContentType(r.body); got != tt.kind {
			t.Errorf("%s: the file is %s", tt.query, got)
		}
		if tt.kind == "image/png" && !bytes.Contains(r.body, []byte("pHYs\x00\x00\x2e\x23")) {
			t.Errorf("%s: the PNG does not say 300 dots per inch", tt.query)
		}
	}
	s.isProblem(s.get(a.path("/result")+"?format=gif", a.bearer()...), 422, "invalid_request")

	see := s.upload()
	s.finish(see, "\x89PNG\r\n\x1a\n")
	if r := s.get(see.path("/result"), see.bearer()...); r.Header.Get("Content-Type") != "image/png" {
		t.Errorf("a see-through result is served as %s", r.Header.Get("Content-Type"))
	}
}

func TestEveryKindOfTheCatalogueCanBeAskedFor(t *testing.T) {
	s := newService(t)
	catalogue, err := docspec.Load()
	s.must(err)
	all, _ := catalogue.Search(docspec.Query{Limit: 1000})
	kinds := map[docspec.Kind]bool{}
	for _, d := range all {
		kinds[d.Kind] = true
	}
	for kind := range kinds {
		if r := s.get("/v1/documents?kind=" + string(kind)); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", kind, r.StatusCode, r.body)
		}
	}
}
