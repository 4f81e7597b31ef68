package studio

import "github.com/passportphotogenie/passportphotogenie/internal/metrics"

// enrol notes that a child has been started, or has exited.
func (p *Pool) enrol(c *child, runs bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if runs {
		p.children[c] = true
	} else {
		delete(p.children, c)
	}
}

// Memory is what the pool's children take together at the moment. What they say of
// their pixels is as old as the last picture of each.
func (p *Pool) Memory() (all metrics.StudioMemory) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.children {
		all.Resident += c.resident()
		if said := c.pixels.Load(); said != nil {
			all.Pixels += said.Now
			all.PixelsMost = max(all.PixelsMost, said.Most)
		}
	}
	return all
}
