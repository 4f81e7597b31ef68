package photo

import (
	"testing"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/attest"
)

func TestAReceiptStatesWhatItSaysInOneText(t *testing.T) {
	signer, at := attest.NewSigner([32]byte{1}), time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600))
	r := Receipt{ID: "abc", Reason: ErasedByExpiry, CreatedAt: at, Erased: Traces{KeyTrace: 1}}
	pending, err := r.Signed(signer)
	if err != nil {
		t.Fatal(err)
	}
	r.FinishedAt, r.Erased = at.Add(1234567*time.Microsecond), Traces{RecordTrace: 1, KeyTrace: 1, ResultTrace: 2}
	finished, err := r.Signed(signer)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		proof attest.Statement
		want  string
	}{
		{pending.Proof, `{"statement":"passportphotogenie/erasure/1","receipt":"abc","state":"pending","reason":"expiry","created_at":"2026-03-01T11:00:00Z"}`},
		{finished.Proof, `{"statement":"passportphotogenie/erasure/1","receipt":"abc","state":"finished","reason":"expiry","created_at":"2026-03-01T11:00:00Z",` +
			`"finished_at":"2026-03-01T11:00:01.234Z","erased":{"key":1,"record":1,"result":2}}`},
	} {
		if c.proof.Text != c.want || !c.proof.Verified() {
			t.Errorf("verified: %t\n got %s\nwant %s", c.proof.Verified(), c.proof.Text, c.want)
		}
	}
}

func TestAReceiptsIDIsRandomAndNotMadeOfAnything(t *testing.T) {
	now := time.Unix(0, 0)
	if a, b := NewReceipt(ErasedOnRequest, now), NewReceipt(ErasedOnRequest, now); a.ID == b.ID {
		t.Error("two receipts of the same time and reason have one ID")
	}
}
