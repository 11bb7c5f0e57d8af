#version 330
// Part of the finished background, darkened where the person keeps light from the floor.
uniform sampler2D finished;
uniform sampler2D shade;
uniform vec2 corner_px;
uniform vec3 eye;
uniform vec4 blockers_place;
in vec3 v_ray;
out vec4 colour;

void main() {
    colour = texelFetch(finished, ivec2(gl_FragCoord.xy + corner_px), 0);
    if (colour.a > 0.0 && v_ray.y < 0.0) {
        vec2 point = eye.xz - v_ray.xz * (eye.y / v_ray.y);
        vec2 at = (point - blockers_place.xy) * blockers_place.z * 0.5 + 0.5;
        colour.rgb *= 1.0 - colour.a * texture(shade, at).r;
    }
}
