package main

import (
	"github.com/passportphotogenie/passportphotogenie/internal/studio"
	"github.com/passportphotogenie/passportphotogenie/internal/traced"
	"github.com/passportphotogenie/passportphotogenie/internal/worker"
)

// previews are looked at in studios of their own, so that they never wait behind
// photos, and photos never behind them.
type previews struct {
	handler *worker.Previews
	studios *studio.Pool
}

// previewsPerStudio is after how many previews a studio is replaced. They are small,
// and somebody would wait for the new one.
const previewsPerStudio = 2000

func openPreviews(kept studio.Config, slots int, o worker.PreviewOptions) (*previews, error) {
	kept.Slots, kept.MaxPictures = slots, previewsPerStudio
	studios, err := studio.NewPool(kept)
	if err != nil {
		return nil, err
	}
	o.Studio = traced.Studio(studios, o.Tracer)
	return &previews{worker.NewPreviews(o), studios}, nil
}

// Close ends the studios.
func (p *previews) Close() error {
	p.studios.Close()
	return nil
}
