package archivist_test

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/archive"
	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/subjectrequest"
)

func TestAPhotosKeyOpensEverythingThatIsHeldOfIt(t *testing.T) {
	onBoth(t, func(d desk) {
		_, err := d.Processors.Add(d.Context(), register.Processor{
			ID: register.NewProcessorID(), Name: "Cloud Ltd", Role: "runs machines", Region: "Ireland", Safeguard: "standard clauses", ContractDate: noon.AddDate(-1, 0, 0), Revision: 1,
		}, audit.Event{At: noon, Actor: "desk-anna", Action: audit.AddProcessor})
		d.must(err)
		p := d.photo()
		d.logged(p.ID, noon, "192.0.2.7", 200)
		d.logged(p.ID, noon, "198.51.100.66", 404) // somebody without the key
		c := d.contested(p)
		r, keys := d.byKey(subjectrequest.Access, p)
		mine, theirs := d.written("ada@example.org", string(r.ID)), d.written("officer@photos.example", string(r.ID))
		d.build(r.ID)

		files := d.files(r.ID)
		d.equal(names(files), []string{"README.txt", "archive.json", "archive.schema.json", "photo/original.jpeg", "photo/report.json", "photo/result.jpg"})
		d.equal(files["photo/original.jpeg"], "the original picture")
		d.equal(strings.HasSuffix(files["photo/result.jpg"], " the finished photo"), true)
		doc := d.document(files)
		d.equal(doc.Request.Message, r.Message)
		d.equal([]any{doc.Photo.ID, doc.Photo.Record.Status, len(doc.Photo.Orders), doc.Photo.Statistics.Country}, []any{p.ID, "ready", 1, "us"})
		d.equal(doc.Photo.Checks.Checks[0].Value, 30.2)
		d.equal([]any{len(doc.Photo.Log), doc.Photo.Log[0].IP}, []any{1, "192.0.2.7"})
		d.equal([]any{doc.Photo.Contests[0].ID, doc.Photo.Contests[0].Message}, []any{c.ID, c.Message})
		d.equal([]any{len(doc.Request.Letters), doc.Request.Letters[0].Subject}, []any{1, mine.Subject})
		d.equal([]any{len(doc.Request.History), doc.Request.History[0].By}, []any{2, archive.AnOfficer})
		d.equal(doc.Facts.Recipients[0].Name, "Cloud Ltd")
		d.equal(doc.Filed, []any{}) // the address beside the key is not proved

		for _, want := range []string{"Photos Ltd", "The DPC", "Cloud Ltd", "21 days", "photo/result.jpg"} {
			if !strings.Contains(files["README.txt"], want) {
				t := files["README.txt"]
				d.Errorf("the README does not say %q:\n%s", want, t)
			}
		}
		hash := keys.Own.Hash()
		d.without(files, keys.Own.Reveal(), hex.EncodeToString(hash[:]), base64.StdEncoding.EncodeToString(hash[:]),
			mine.Secrets.Token.Reveal(), mine.Secrets.Code.Reveal(), theirs.Secrets.Token.Reveal(), "officer@photos.example", "desk-anna", "198.51.100.66")
		delete(files, "photo/report.json")
		d.without(files, "7.77", "38.21") // places in the picture end with the photo
	})
}

func TestPortabilityGivesWhatThePersonProvidedAndNothingElse(t *testing.T) {
	onBoth(t, func(d desk) {
		p := d.photo()
		d.logged(p.ID, noon, "192.0.2.7", 200)
		c := d.contested(p)
		r, _ := d.byKey(subjectrequest.Portability, p)
		d.build(r.ID)
		files := d.files(r.ID)
		d.equal(names(files), []string{"README.txt", "archive.json", "archive.schema.json", "photo/original.jpeg"})
		doc := d.document(files)
		d.equal([]any{doc.Photo.Orders[0].Document, doc.Photo.Contests[0].Message, doc.Photo.Original.Format}, []any{"us-passport", c.Message, "jpeg"})
		if doc.Photo.Record != nil || doc.Photo.Checks != nil || doc.Photo.Log != nil || doc.Photo.Statistics != nil || doc.Photo.Contests[0].Records != nil || doc.Request.History != nil {
			d.Errorf("it has more: %s", files["archive.json"])
		}

		mail, _ := d.byEmail(subjectrequest.Portability, "ada@example.org")
		d.written("ada@example.org", string(mail.ID))
		d.build(mail.ID)
		doc = d.document(d.files(mail.ID))
		d.equal([]any{doc.Filed[0].Name, len(doc.Filed[0].Items), doc.Filed[0].Items[0].Provided["message"], doc.Filed[1].Items}, []any{"requests", 1, mail.Message, []any{}})
	})
}

func TestAnAddressOpensWhatIsFiledUnderItAndNeverAPhoto(t *testing.T) {
	onBoth(t, func(d desk) {
		p := d.photo()
		beside, _ := d.filed(subjectrequest.Filing{Kind: subjectrequest.Erasure, Channel: subjectrequest.PhotoKey, Photo: p, Email: "ada@example.org"}) // with the address typed in beside the key
		typed, _ := d.filed(subjectrequest.Filing{Kind: subjectrequest.Objection, Channel: subjectrequest.ByEmail, Email: "ada@example.org"})
		other, _ := d.byEmail(subjectrequest.Access, "eve@example.org")
		r, _ := d.byEmail(subjectrequest.Access, "Ada@example.org")
		l := d.written("ada@example.org", string(typed.ID))
		d.build(r.ID)

		files := d.files(r.ID)
		d.equal(names(files), []string{"README.txt", "archive.json", "archive.schema.json"})
		doc := d.document(files)
		d.equal(doc.Photo, nil)
		d.equal([]any{doc.Filed[0].Name, doc.Filed[1].Name}, []any{"requests", "letters"})
		messages := map[string]string{}
		for _, i := range doc.Filed[0].Items {
			messages[i.ID] = i.Provided["message"]
		}
		d.equal(messages, map[string]string{string(beside.ID): "", string(typed.ID): "", string(r.ID): r.Message})
		d.equal([]any{len(doc.Filed[1].Items), doc.Filed[1].Items[0].Held["subject"]}, []any{1, l.Subject})
		d.without(files, string(p.ID), p.Reference, string(other.ID), "eve@", l.Secrets.Token.Reveal(), l.Secrets.Code.Reveal())
	})
}

func TestWhatIsNotAcceptedYetGetsNoArchive(t *testing.T) {
	d := open(t, "")
	for name, f := range map[string]subjectrequest.Filing{
		"an address that is not proved": {Kind: subjectrequest.Access, Channel: subjectrequest.ByEmail, Email: "ada@example.org"},
		"a key that was just shown":     {Kind: subjectrequest.Access, Channel: subjectrequest.PhotoKey, Photo: d.photo()},
		"a call that nobody judged":     {Kind: subjectrequest.Portability, Channel: subjectrequest.Phone},
		"another right":                 {Kind: subjectrequest.Erasure, Channel: subjectrequest.PhotoKey, Photo: d.photo()},
	} {
		r, _ := d.filed(f)
		d.build(r.ID)
		if _, err := d.reader().Open(d.Context(), r.ID); err == nil {
			t.Errorf("%s: it has an archive", name)
		}
	}
	d.equal(d.done.told, nil)
}
