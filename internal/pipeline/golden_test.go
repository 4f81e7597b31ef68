package pipeline

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
	"github.com/passportphotogenie/passportphotogenie/internal/testpictures"
	"github.com/passportphotogenie/passportphotogenie/testdata/portraits"
)

var update = flag.Bool("update", false, "write the golden pictures anew; look at them before you commit them")

// The golden pictures are a quarter of the photos' size. They were looked at by
// people; a photo that moves away from its golden picture has to be looked at
// again.
func TestThePhotosLookAsTheyDidWhenSomeoneLookedAtThem(t *testing.T) {
	for _, n := range []portraits.Name{portraits.Smiling, portraits.Tilted} {
		for _, id := range []string{"us-passport", "ca-passport", "cn-visa"} {
			r, _ := develop(t, id, photo.JPEG, testpictures.Portrait(t, n))
			got := testpictures.Scaled(testpictures.Decode(t, r.Picture), 0.25)
			short, _, _ := strings.Cut(string(n), "-")
			path := filepath.Join("testdata", fmt.Sprintf("%s-%s.png", short, id))
			if *update {
				if err := os.WriteFile(path, testpictures.PNG(t, got), 0o600); err != nil {
					t.Fatal(err)
				}
				continue
			}
			file, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want := testpictures.Decode(t, file)
			if got.Rect != want.Rect {
				t.Errorf("%s: %v, the golden picture is %v", path, got.Rect, want.Rect)
				continue
			}
			sum := 0.0
			for i := range got.Pix {
				sum += math.Abs(float64(got.Pix[i]) - float64(want.Pix[i]))
			}
			if off := sum / float64(len(got.Pix)); off > 2 {
				t.Errorf("%s: %.1f levels away from the golden picture", path, off)
			}
		}
	}
}
