package blobstore_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/passportphotogenie/passportphotogenie/internal/blobstore"
	"github.com/passportphotogenie/passportphotogenie/internal/testservers"
)

// rule is one of a bucket's, in the words that both S3's JSON and its XML have.
type rule struct {
	ID, Status string
	Filter     struct {
		Prefix string
		Tag    *struct{ Key, Value string } `xml:",omitempty"`
	}
	Expiration                     *expiration                        `xml:",omitempty"`
	AbortIncompleteMultipartUpload *struct{ DaysAfterInitiation int } `xml:",omitempty"`
}

type expiration struct {
	Days int    `xml:",omitempty"`
	Date string `xml:",omitempty"`
}

func expiring(prefix string, days int) rule {
	r := rule{ID: "a rule", Status: "Enabled", Expiration: &expiration{Days: days}}
	r.Filter.Prefix = prefix
	return r
}

// bucket answers as S3 does to whoever asks for a bucket's settings. The S3 server of
// the other tests has no lifecycle rules.
func bucket(t *testing.T, versioning string, rules []rule) *blobstore.Store {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "x")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		switch q := r.URL.Query(); {
		case q.Has("versioning") && versioning == "denied":
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `<Error><Code>AccessDenied</Code><Message>no</Message></Error>`)
		case q.Has("versioning"):
			_, _ = io.WriteString(w, `<VersioningConfiguration>`+versioning+`</VersioningConfiguration>`)
		case q.Has("lifecycle") && rules == nil:
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `<Error><Code>NoSuchLifecycleConfiguration</Code><Message>none</Message></Error>`)
		case q.Has("lifecycle"):
			if err := xml.NewEncoder(w).Encode(struct {
				XMLName xml.Name `xml:"LifecycleConfiguration"`
				Rule    []rule
			}{Rule: rules}); err != nil {
				t.Error(err)
			}
		default:
			t.Errorf("asked for %s", r.URL)
		}
	}))
	t.Cleanup(server.Close)
	return open(t, "s3://photos?region=us-east-1&s3ForcePathStyle=true&endpoint="+server.URL)
}

// delivered are the rules of deploy/s3-lifecycle.json.
func delivered(t *testing.T) []rule {
	t.Helper()
	b, err := os.ReadFile("../../deploy/s3-lifecycle.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Rules []rule }
	strict := json.NewDecoder(strings.NewReader(string(b)))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&file); err != nil {
		t.Fatal(err)
	}
	return file.Rules
}

func TestABucketWhoseSettingsEndangerAPromiseIsNoticed(t *testing.T) {
	off, tagged, byDate := expiring("photos/", 14), expiring("photos/", 14), expiring("photos/", 0)
	off.Status, byDate.Expiration.Date = "Disabled", "2030-01-01T00:00:00Z"
	tagged.Filter.Tag = &struct{ Key, Value string }{"a", "b"}
	for name, tt := range map[string]struct {
		versioning string
		rules      []rule
		want       []blobstore.Concern
	}{
		"as delivered":            {"", delivered(t), nil},
		"versions were kept once": {"<Status>Suspended</Status>", delivered(t), nil},
		"versions are kept":       {"<Status>Enabled</Status>", delivered(t), []blobstore.Concern{blobstore.Versioned}},
		"no rules":                {"", nil, []blobstore.Concern{blobstore.NoRule}},
		"the rule is off":         {"", []rule{off}, []blobstore.Concern{blobstore.NoRule}},
		"for some blobs only":     {"", []rule{tagged}, []blobstore.Concern{blobstore.NoRule}},
		"for other blobs":         {"", []rule{expiring("logs/", 1)}, []blobstore.Concern{blobstore.NoRule}},
		"for everything":          {"", []rule{expiring("", 14)}, []blobstore.Concern{blobstore.RuleOnHeld}},
		"for held ones too":       {"", append(delivered(t), expiring("held/", 90)), []blobstore.Concern{blobstore.RuleOnHeld}},
		"too early":               {"", []rule{expiring("photos/", 3)}, []blobstore.Concern{blobstore.RuleEarly}},
		"at a date":               {"", append(delivered(t), byDate), []blobstore.Concern{blobstore.RuleEarly}},
		"it may not be seen":      {"denied", delivered(t), []blobstore.Concern{blobstore.NotSeen}},
	} {
		t.Run(name, func(t *testing.T) {
			got := bucket(t, tt.versioning, tt.rules).Concerns(t.Context())
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			for _, c := range got {
				if c.Advice() == "" {
					t.Errorf("%s has no advice", c)
				}
			}
		})
	}
}

// The S3 server of the tests knows neither, and says so in its own way.
func TestWhatABucketDoesNotTellIsAConcernToo(t *testing.T) {
	s := open(t, testservers.S3(t))
	if d := cmp.Diff([]blobstore.Concern{blobstore.NotSeen}, s.Concerns(t.Context())); d != "" {
		t.Error(d)
	}
}

func TestADirectoryHasNoRules(t *testing.T) {
	if got := open(t, "file://"+t.TempDir()).Concerns(t.Context()); got != nil {
		t.Error(got)
	}
}
