package main

import (
	"bytes"
	"errors"
	"flag"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/archive"
	"github.com/passportphotogenie/passportphotogenie/internal/archivist"
	"github.com/passportphotogenie/passportphotogenie/internal/operator"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/storage"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
	"github.com/passportphotogenie/passportphotogenie/internal/testapp"
	"github.com/passportphotogenie/passportphotogenie/internal/vault"
)

func TestAnInstallationGetsANewMasterKey(t *testing.T) {
	in := testapp.Install(t)
	before := in.Migrated(t)
	id := testapp.Upload(t, before, midnight, []byte("a portrait"))
	sealed, err := before.Master.Seal(t.Context(), "authenticator of desk-a", []byte("an operator's secret"))
	if err == nil {
		err = before.OperatorSessions.Begin(t.Context(), anOperator, secret.Hash{})
	}
	if err == nil {
		err = before.Authenticators.Enrol(t.Context(), operator.Enrolment{
			Authenticator: operator.Authenticator{Operator: "desk-a", Sealed: sealed}, Former: anOperator, Next: anOperator,
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	asked := archived(t, before)
	former := "file://" + filepath.Join(in.Dir, "master.key")
	in.Env = append(in.Env, "MASTER_KEY_URL=file://"+filepath.Join(in.Dir, "new.key"), "OLD_MASTER_KEY_URLS="+former)
	store := in.Storage(t)

	var said bytes.Buffer
	if err := checkKeys(t.Context(), store, &said); !errors.Is(err, errOld) || !strings.HasPrefix(said.String(), "3 keys are still") {
		t.Errorf("before: %v, %s", err, &said)
	}
	said.Reset()
	if err := rotateKeys(t.Context(), store, &bar{out: &said}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1 keys are to be wrapped anew", "100 %, 1 of 1", "1 keys wrapped anew", "2 other secrets sealed anew", "0 keys are still", "may be removed"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, &said)
		}
	}

	in.Env = append(in.Env, "OLD_MASTER_KEY_URLS=")
	after := in.Storage(t)
	b, err := after.Vault.Read(t.Context(), vault.OriginalOf(id))
	if err != nil || string(b) != "a portrait" {
		t.Errorf("with the new master key alone: %q, %v", b, err)
	}
	all, err := after.Authenticators.Sealed(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := after.Master.Open(t.Context(), "authenticator of desk-a", all["desk-a"]); err != nil || string(got) != "an operator's secret" {
		t.Errorf("with the new master key alone an operator's secret is %q, %v", got, err)
	}
	a, err := after.Archives.Find(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := after.Master.OpenDocument(t.Context(), archivist.About(string(asked)), a.Key, a.Document); err != nil || string(got) != "what is held" {
		t.Errorf("with the new master key alone an archive is %q, %v", got, err)
	}
}

// archived has a request with an archive.
func archived(t *testing.T, store *storage.Storage) subjectrequest.ID {
	t.Helper()
	calendar, err := subjectrequest.NewCalendar(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := subjectrequest.New(subjectrequest.Filing{Kind: subjectrequest.Access, Channel: subjectrequest.Letter}, subjectrequest.By{Actor: "desk-a", Now: midnight, Calendar: calendar})
	if err == nil {
		_, err = store.Requests.File(t.Context(), c)
	}
	if err != nil {
		t.Fatal(err)
	}
	id := c.Request.ID
	key, sealed, err := store.Master.SealDocument(t.Context(), archivist.About(string(id)), []byte("what is held"))
	if err == nil {
		_, err = store.Archives.Keep(t.Context(), id, archive.Sealed{Key: key, Document: sealed, Since: midnight})
	}
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// anOperator may set up an authenticator.
var anOperator = operator.Session{Hash: secret.Hash{1}, Operator: operator.Operator{Name: "desk-a"}, MayEnrol: true}

func TestOnATerminalARotationShowsABar(t *testing.T) {
	var said bytes.Buffer
	b := &bar{out: &said, terminal: true, of: 4}
	b.show(1)
	b.show(4)
	want := "\r[##########------------------------------]  25 % 1 of 4\r[########################################] 100 % 4 of 4\n"
	if said.String() != want {
		t.Errorf("%q", said.String())
	}
}

func TestRotateMasterKeyExplainsItselfAndTakesNoArguments(t *testing.T) {
	if _, err := rotateMasterKey([]string{"-help"}); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-help: %v", err)
	}
	if _, err := rotateMasterKey([]string{"file:///new.key"}); err == nil {
		t.Error("an argument is taken")
	}
}
