package matte

// region is a set of a photo's pixels.
type region struct {
	width int
	in    []bool
}

func newRegion(width, height int) *region {
	return &region{width, make([]bool, width*height)}
}

// reach returns the pixels of the region that hang together with the seeds, by
// sides.
func (r *region) reach(seeds []int) *region {
	out := newRegion(r.width, len(r.in)/r.width)
	var open []int
	visit := func(i int) {
		if r.in[i] && !out.in[i] {
			out.in[i] = true
			open = append(open, i)
		}
	}
	for _, i := range seeds {
		visit(i)
	}
	for len(open) > 0 {
		i := open[len(open)-1]
		open = open[:len(open)-1]
		r.sides(i, visit)
	}
	return out
}

// sides calls f for the pixels beside i.
func (r *region) sides(i int, f func(int)) {
	if x := i % r.width; x > 0 {
		f(i - 1)
	}
	if x := i % r.width; x < r.width-1 {
		f(i + 1)
	}
	if i >= r.width {
		f(i - r.width)
	}
	if i+r.width < len(r.in) {
		f(i + r.width)
	}
}

// parts returns the region's connected parts, each as its pixels.
func (r *region) parts() [][]int {
	var parts [][]int
	seen := make([]bool, len(r.in))
	for i, in := range r.in {
		if !in || seen[i] {
			continue
		}
		part := []int{i}
		seen[i] = true
		for k := 0; k < len(part); k++ {
			r.sides(part[k], func(j int) {
				if r.in[j] && !seen[j] {
					seen[j] = true
					part = append(part, j)
				}
			})
		}
		parts = append(parts, part)
	}
	return parts
}

// nearer returns the pixels of the region from which the way inside it is
// shorter to ours than to theirs. Both must lie in it.
func (r *region) nearer(ours, theirs []int) *region {
	taken := make([]bool, len(r.in))
	out := newRegion(r.width, len(r.in)/r.width)
	open := append(append([]int{}, ours...), theirs...)
	for k, i := range open {
		taken[i], out.in[i] = true, k < len(ours)
	}
	for k := 0; k < len(open); k++ {
		r.sides(open[k], func(j int) {
			if r.in[j] && !taken[j] {
				taken[j], out.in[j] = true, out.in[open[k]]
				open = append(open, j)
			}
		})
	}
	return out
}

// members lists the region's pixels.
func (r *region) members() []int {
	var out []int
	for i, in := range r.in {
		if in {
			out = append(out, i)
		}
	}
	return out
}
