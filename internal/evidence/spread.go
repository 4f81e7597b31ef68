package evidence

import (
	"cmp"
	"slices"

	"github.com/passportphotogenie/passportphotogenie/internal/geom"
)

// spread returns where the guides' labels stand, each as near to its guide as the
// others leave it: gap apart at least, from gap to the end. Those of upright guides
// are left out of it.
func spread(guides []guide, gap, end geom.MM) []geom.MM {
	at := make([]geom.MM, len(guides))
	var order []int
	for i, g := range guides {
		at[i] = g.at
		if !g.upright {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(at[i], at[j]) })
	for n, i := range order {
		least := gap
		if n > 0 {
			least = at[order[n-1]] + gap
		}
		at[i] = max(at[i], least)
	}
	most := end
	for _, i := range slices.Backward(order) {
		at[i] = min(at[i], most)
		most = at[i] - gap
	}
	return at
}
