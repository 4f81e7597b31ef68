package printsheet

import (
	"fmt"

	"github.com/passportphotogenie/passportphotogenie/internal/docspec"
)

// words is everything a sheet says but the detail, which says how many photos
// there are and is known last.
type words struct {
	title  string
	advice string
}

func (o Order) words() words {
	name := o.Spec.CountryName + ": " + o.Spec.Name
	if ForShop(o.Spec) {
		return words{"For the photo shop · " + name, o.shopAdvice()}
	}
	advice := "Print at 100 % (actual size): no “fit to page”, no borderless printing, no auto-enhance. "
	if o.Format == JPEG {
		advice = "Print at 100 % on " + o.Paper.Label + " paper: no “fit”, no auto-enhance. " +
			"Borderless shop prints enlarge by 2 to 4 %: ask for a print with a border. "
	}
	advice += "Then measure the bar: unless it is 50 mm long, the size is wrong."
	if o.Spec.PrintBy.Value == docspec.PrintByUnknown {
		advice += " We found no rule on who may print this photo: ask the office."
	}
	return words{name, advice}
}

func (o Order) shopAdvice() string {
	advice := "Please print from the photo’s JPEG file, at 100 %, on photo paper, without retouching or auto-enhance, and cut to size. " +
		"Printed at 100 %, the bar is 50 mm long and the photo below has the right size."
	if note := o.Spec.PrintBy.Note; note != "" {
		advice += " The office’s rule on prints: " + note + "."
	}
	return advice
}

// detail says how many photos of which size there are. It must fit on one line
// of the narrowest paper.
func (o Order) detail(s Sheet) string {
	size := s.photo.String()
	if ForShop(o.Spec) {
		w, h := o.Spec.PixelSize()
		return fmt.Sprintf("%s, %s (%d × %d px, %d DPI)", count(o.prints(), "print"), size, w, h, o.Spec.PrintDPI())
	}
	if pages := s.Pages(); pages > 1 && o.Format == JPEG {
		return fmt.Sprintf("Print this sheet %d times for %s of %s", pages, count(s.Copies, "photo"), size)
	}
	return count(s.Copies, "photo") + ", " + size
}

func count(n int, what string) string {
	switch n {
	case 0:
		return "no " + what + "s asked for"
	case 1:
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
