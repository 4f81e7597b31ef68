package check

import "github.com/passportphotogenie/passportphotogenie/internal/docspec"

func mouthClosed(in Input) Check {
	c := mostMouthGap.reading(in.Traits.MouthGap, Ratio).check(MouthClosed, docspec.Baseline, map[Outcome]string{
		Pass: "The mouth is closed.",
		Warn: "The mouth may be a little open. Close your lips, without pressing them.",
		Fail: "The mouth is open. Close your lips, and take another picture.",
	})
	return c.relaxed(in.Small()).at(in.around(in.mouthPoints()))
}
