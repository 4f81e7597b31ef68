package metrics

import "context"

// StudioMemory is the memory of the child processes that develop pictures, in bytes.
type StudioMemory struct {
	Resident   int64 // of all of them, as the kernel counts
	Pixels     int64 // held by libvips after the last picture, in all of them
	PixelsMost int64 // the most that libvips has held in one of those that live
}

// WatchStudios adds the memory of a worker's children, looked up when Prometheus asks.
func (m *Metrics) WatchStudios(looks ...func() StudioMemory) {
	resident := figure(studioBytes, "Memory that the child processes have now, all together.")
	pixels := figure(vipsBytes, "Pixels that libvips still holds after the last picture, in all child processes: near 0 unless something is not given back.")
	most := figure(vipsPeakBytes, "Most pixels that libvips has held at a time, in one of the child processes that live.")
	m.ask(func(_ context.Context, tell teller) {
		var all StudioMemory
		for _, look := range looks {
			one := look()
			all.Resident += one.Resident
			all.Pixels += one.Pixels
			all.PixelsMost = max(all.PixelsMost, one.PixelsMost)
		}
		tell(resident, float64(all.Resident))
		tell(pixels, float64(all.Pixels))
		tell(most, float64(all.PixelsMost))
	}, resident, pixels, most)
}
