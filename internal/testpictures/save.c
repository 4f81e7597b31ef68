#include "save.h"

#include <vips/vips.h>

/* Writes 8-bit sRGB pixels in the format and with the options of the suffix,
 * through the built-in profile if one is named, as that many frames from top to
 * bottom. */
int picture_save(const void *rgb, int width, int height, int frames,
	const char *profile, const char *suffix, void **file, size_t *length) {
	VipsObject *scope = VIPS_OBJECT(vips_image_new());
	VipsImage **t = (VipsImage **) vips_object_local_array(scope, 3);
	int failed =
		!(t[0] = vips_image_new_from_memory(rgb, (size_t) width * height * 3,
			width, height, 3, VIPS_FORMAT_UCHAR)) ||
		vips_copy(t[0], &t[1], "interpretation", VIPS_INTERPRETATION_sRGB, NULL) ||
		(*profile
			? vips_icc_transform(t[1], &t[2], profile, "input_profile", "srgb",
				"black_point_compensation", TRUE, NULL)
			: vips_copy(t[1], &t[2], NULL));
	if (!failed && frames > 1)
		vips_image_set_int(t[2], VIPS_META_PAGE_HEIGHT, height / frames);
	failed = failed || vips_image_write_to_buffer(t[2], suffix, file, length, NULL);
	g_object_unref(scope);
	return failed;
}
