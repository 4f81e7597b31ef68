#include "encode.h"

/* Encodes opaque RGBA pixels, taken for sRGB, as a JPEG with full colour
 * resolution and no metadata. The caller frees the file with g_free. */
int picture_jpeg(void *pixels, int width, int height, int quality, void **file, size_t *length) {
	VipsObject *scope = VIPS_OBJECT(vips_image_new());
	VipsImage **t = (VipsImage **) vips_object_local_array(scope, 3);
	int failed =
		!(t[0] = vips_image_new_from_memory(pixels, (size_t) width * height * 4, width, height, 4, VIPS_FORMAT_UCHAR)) ||
		vips_extract_band(t[0], &t[1], 0, "n", 3, NULL) ||
		vips_copy(t[1], &t[2], "interpretation", VIPS_INTERPRETATION_sRGB, NULL) ||
		vips_jpegsave_buffer(t[2], file, length, "Q", quality, "strip", TRUE, "optimize_coding", TRUE,
			"subsample_mode", VIPS_FOREIGN_SUBSAMPLE_OFF, NULL);
	g_object_unref(scope);
	vips_thread_shutdown();
	return failed;
}
